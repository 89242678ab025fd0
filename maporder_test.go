package house_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"testing"
)

// TestNoAnswerFromAMapsOrder: what a function gives must not depend on the order of a map, which is another each time. In a
// range over a map nothing is returned but constants, and the loop isn't left with one of its elements in hand.
func TestNoAnswerFromAMapsOrder(t *testing.T) {
	loaded, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range loaded {
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				r, ok := n.(*ast.RangeStmt)
				if !ok {
					return true
				}
				tv, ok := p.TypesInfo.Types[r.X]
				if !ok || tv.Type == nil {
					return true
				}
				if _, isMap := tv.Type.Underlying().(*types.Map); isMap {
					for _, at := range answers(p.TypesInfo, r) {
						t.Errorf("%s takes an answer from the order of a map: range over its sorted keys", p.Fset.Position(at))
					}
				}
				return true
			})
		}
	}
}

// answers are the places in a range over a map at which the loop is left with something of the element that it is at.
func answers(info *types.Info, r *ast.RangeStmt) []token.Pos {
	mine := map[types.Object]bool{} // what is declared in the loop, its key and value among them
	for _, x := range []ast.Expr{r.Key, r.Value} {
		if id, ok := x.(*ast.Ident); ok && info.Defs[id] != nil {
			mine[info.Defs[id]] = true
		}
	}
	ast.Inspect(r.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Defs[id] != nil {
			mine[info.Defs[id]] = true
		}
		return true
	})
	uses := func(n ast.Node) bool {
		found := false
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && mine[info.Uses[id]] {
				found = true
			}
			return !found
		})
		return found
	}
	var out []token.Pos
	var walk func(n ast.Node, inner bool)
	// lasting tells whether a block writes something of the element to a variable that outlives the loop.
	lasting := func(list []ast.Stmt) bool {
		for _, s := range list {
			if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN {
				for i, l := range a.Lhs {
					id, ok := l.(*ast.Ident)
					if ok && !mine[info.Uses[id]] && id.Name != "_" && uses(a.Rhs[min(i, len(a.Rhs)-1)]) {
						return true
					}
				}
			}
		}
		return false
	}
	walk = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(x ast.Node) bool {
			switch x := x.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				for _, v := range x.Results {
					if uses(v) {
						out = append(out, x.Pos())
						break
					}
				}
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.SelectStmt, *ast.TypeSwitchStmt:
				if x != n && !inner {
					walk(x, true)
					return false
				}
			case *ast.BlockStmt:
				for i, s := range x.List {
					if b, ok := s.(*ast.BranchStmt); ok && b.Tok == token.BREAK && !inner && lasting(x.List[:i]) {
						out = append(out, b.Pos())
					}
				}
			}
			return true
		})
	}
	walk(r.Body, false)
	return out
}
