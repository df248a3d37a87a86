package measure
import ("testing";"os";"fmt";"github.com/verinym/verinym/screen/internal/jpeg";"github.com/verinym/verinym/screen/internal/raster";"github.com/verinym/verinym/screen/internal/outline")
func TestZZ(t *testing.T){ f:=os.Getenv("ZZ"); b,_:=os.ReadFile(f); c,_:=jpeg.ReadConfig(b); k:=raster.Factor(c.Width,c.Height); pic,_:=jpeg.Decode(b,k); fr:=raster.FromJPEG(pic,k)
 o:=outline.Find(fr); d:=fr.Warp(o.Corners,800,500); h:=d.Half(); l:=MeasureLight(d,h); fmt.Printf("%+v\n",*l)
 for _,e:=range []bool{false,true}{ for _,b:=range raster.Components(d.CW,d.CH,e,func(y int,row []bool){for x,v:=range h[y*d.CW:y*d.CW+d.CW]{row[x]=v>=full}}){ if b.N>30{fmt.Println(e,b); y:=(b.Y0+b.Y1)/2; for x:=b.X1-1;x<min(d.CW,b.X1+60);x++{fmt.Print(h[y*d.CW+x]," ")}; fmt.Println()} } }
}
