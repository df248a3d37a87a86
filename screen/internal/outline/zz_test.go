package outline
import ("testing";"os";"fmt";"github.com/verinym/verinym/screen/internal/jpeg";"github.com/verinym/verinym/screen/internal/raster")
func TestZZ(t *testing.T){ f:=os.Getenv("ZZ"); b,_:=os.ReadFile(f); c,_:=jpeg.ReadConfig(b); k:=raster.Factor(c.Width,c.Height); pic,_:=jpeg.Decode(b,k); fr:=raster.FromJPEG(pic,k)
 luma := plane{fr.CW, fr.CH, fr.Half()}
 chs := []plane{closeDark(luma, 3), flatten(plane{fr.CW, fr.CH, fr.Cb},3), flatten(plane{fr.CW, fr.CH, fr.Cr},3)}
 g := gradients(chs, []int32{1, 2, 2}); th:=g.threshold(.1,10); crest := g.thin(th)
 flat, steep := hough(g, crest, 14)
 fmt.Println(luma.w,luma.h,"th",th)
 for i:=range flat{ l:=&flat[i]; trace(l,true,g,crest,chs); fmt.Printf("flat y %.0f..%.0f votes %d sup %.2f con %.0f ra %.0f rb %.0f\n",l.yAt(0),l.yAt(float64(g.w)),l.votes,l.prof.support(float64(g.w)*.1,float64(g.w)*.9),l.prof.contrast(float64(g.w)*.1,float64(g.w)*.9),l.prof.roughness(float64(g.w)*.1,float64(g.w)*.9,true),l.prof.roughness(float64(g.w)*.1,float64(g.w)*.9,false)) }
 for i:=range steep{ l:=&steep[i]; trace(l,false,g,crest,chs); fmt.Printf("steep x %.0f..%.0f votes %d sup %.2f con %.0f ra %.0f rb %.0f\n",l.xAt(0),l.xAt(float64(g.h)),l.votes,l.prof.support(float64(g.h)*.1,float64(g.h)*.9),l.prof.contrast(float64(g.h)*.1,float64(g.h)*.9),l.prof.roughness(float64(g.h)*.1,float64(g.h)*.9,true),l.prof.roughness(float64(g.h)*.1,float64(g.h)*.9,false)) }
 fmt.Printf("%+v\n",Find(fr))
}
