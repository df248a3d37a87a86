package pictures
import ("testing";"fmt")
func TestZZFind(t *testing.T){ for _,it:=range Plan(StyleA,1)[190:]{ if it.Defect=="" {continue}; func(){ defer func(){ if e:=recover();e!=nil{fmt.Println(it.Name(),e)}}(); old:=phones; for i:=range phones{for j:=range phones[i]{phones[i][j].w/=4;phones[i][j].h/=4}}; it.Make(); phones=old}() } }
