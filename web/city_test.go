package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/seeds"
	"dossier/web"
	"dossier/web/page"
)

// The city's leaders see each county's figures beside the others' with their sum, and what is late with the way to supervise it there; a county
// that refuses, fails or doesn't answer is named, and the sum says that it lacks it. Nobody of a case is named, and no token is shown.
func TestCity(t *testing.T) {
	a, b := newBureau(t), newBureau(t)
	token := func(of *bureau) string {
		s, err := access.NewToken(t.Context(), of.Engine, "captain", "captain", "the city", access.ReadScope, 365)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	tokenA, tokenB := token(a), token(b)
	late := a.opened("任县甲建筑有限公司")
	a.opened("任县乙建筑有限公司")
	b.opened("平乡县丙建筑有限公司")
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, a.srv.URL+r.URL.String(), http.StatusFound)
	}))
	defer broken.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	city := newBureau(t)
	counties := []page.County{{Name: "任县", Address: a.srv.URL, Token: tokenA}, {Name: "平乡县", Address: b.srv.URL, Token: tokenB}}
	at := func(counties ...page.County) *visitor {
		city.srv = httptest.NewServer(web.New(city.Engine, page.Options{Measures: seeds.Measures(), Counties: counties}))
		t.Cleanup(city.srv.Close)
		return city.visit("captain")
	}
	v := at(counties...)
	p := v.get("/city").want(http.StatusOK).says("tfoot", "合计").says("table.figures", "任县").says("table.figures", "平乡县")
	if !strings.Contains(p.text("tfoot"), "合计03") { // none late, three received
		t.Errorf("the sum: %s", p.text("tfoot"))
	}
	for _, x := range []*bureau{a, b, city} {
		x.now.set(x.now.time().Add(60 * 24 * time.Hour))
	}
	v = at(counties...)
	p = v.get("/city").want(http.StatusOK)
	if len(p.links(a.srv.URL+page.CaseLink(late)+"/do/supervise")) != 1 {
		t.Errorf("a late case leads nowhere: %s", p.text("main"))
	}
	for _, no := range []string{"甲建筑", "丙建筑", "王福顺", tokenA, tokenB} {
		if strings.Contains(p.body, no) {
			t.Errorf("the page tells %q", no)
		}
	}
	v.get("/city?from=soon").want(http.StatusUnprocessableEntity).says("p.fault", "soon")
	v.get("/city?from=2026-03-01&to=2026-02-01").want(http.StatusUnprocessableEntity).says("p.fault", "早于")
	v.get("/county").want(http.StatusOK).says("nav.tabs", "各县区")
	city.visit("clerk").get("/city").want(http.StatusForbidden)

	v = at(append(counties, page.County{Name: "南和区", Address: a.srv.URL, Token: tokenB}, page.County{Name: "巨鹿县", Address: broken.URL, Token: tokenA}, page.County{Name: "广宗县", Address: gone.URL, Token: tokenA})...)
	p = v.get("/city").want(http.StatusOK).says("main", "不认这个接口令牌").says("main", "现在答复不了").says("main", "没有答复").says("p.news", "南和区、巨鹿县、广宗县").says("tfoot", "不全")
	if strings.Count(p.body, "没有答复") != 1 {
		t.Error("who doesn't answer is told twice")
	}
	at().get("/city").want(http.StatusNotFound)
}
