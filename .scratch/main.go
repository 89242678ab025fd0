package main

import (
	"fmt"
	"os"

	"dossier/documents"
	"dossier/workflows"
)

func main() {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		fmt.Println(err)
	}
	for _, n := range os.Args[1:] {
		b, err := os.ReadFile(n)
		if err != nil {
			panic(err)
		}
		e, err := workflows.Open(n, b, forms)
		fmt.Println(err)
		if err == nil {
			fmt.Println(len(e.Definition.Main.States), workflows.Pending(e.Definition))
		}
	}
}
