package seeds

import (
	"strings"
	"testing"

	"dossier/engine/office"
	"dossier/engine/text"
)

func TestPosts(t *testing.T) {
	posts, err := ReadPosts("seeds/posts.yaml", postsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range posts {
		if p.Title.ZH == "" || p.Title.EN == "" || len(p.Sample) == 0 || p.Regime == "" {
			t.Errorf("%s lacks something: %+v", p.ID, p)
		}
		for lang, title := range map[text.Lang]string{text.ZH: p.Title.ZH, text.EN: p.Title.EN} {
			if key := "post." + string(p.ID); text.Has(key) && text.T(lang, key) != title {
				t.Errorf("%s is %q here and %q in the catalogue", p.ID, title, text.T(lang, key))
			}
		}
		if p.ID == office.Admin && !p.Unlent {
			t.Error("the administrator's post can be lent")
		}
	}
	own, err := ReadPosts("own.yaml", []byte("posts:\n  - {post: warden, zh: 值守, en: Warden, lent-by: [captain, warden]}\n"), posts...)
	if err != nil || len(own) != 1 || len(own[0].LentBy) != 2 {
		t.Errorf("own posts: %v %v", own, err)
	}
}

func TestFaultyPosts(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"{post: Warden, zh: 值守, en: Warden}", `own.yaml:2:12: posts[0].post: "Warden" is no post`},
		{"{post: captain, zh: 值守, en: Warden}", `post "captain" stands twice`},
		{"{post: warden, en: Warden}", `key "zh" is missing`},
		{"{post: warden, zh: 值守, en: Warden, leads: sectoin}", `no rank "sectoin" (did you mean "section"?`},
		{"{post: warden, zh: 值守, en: Warden, lent-by: [captian]}", `no post "captian"`},
		{"{post: warden, zh: 值守, en: Warden, rank: 1}", `no key "rank" here`},
	} {
		_, err := ReadPosts("own.yaml", []byte("posts:\n  - "+tt.line+"\n"), Posts()...)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.line, err, tt.want)
		}
	}
}
