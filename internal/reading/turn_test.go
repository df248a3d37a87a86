package reading

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/verinym/verinym/internal/jail"
	"github.com/verinym/verinym/internal/ocr"
	"github.com/verinym/verinym/internal/ocr/ocrtest"
)

// prepared is a jail that answers with a flat page.
type prepared flat

func (p prepared) Do(context.Context, string, jail.Picture, []byte) ([]byte, error) {
	head, err := json.Marshal(flat(p))
	return append(append(head, '\n'), p.Pix...), err
}

// A page of which screening saw how the writing stands is read once, the right way up; where it saw wrongly, until it is right.
func TestPageIsTurnedAsItsWritingStands(t *testing.T) {
	t.Parallel()
	picture := ocr.Picture{Width: 4, Height: 2, Pix: make([]byte, 24)}
	picture.Pix[0] = 9 // the top left pixel says which way up it is shown
	f := Form{Labels: map[Field][]string{Name: {"姓名"}, Birth: {"出生"}}}
	for turned := range 4 {
		engine := &ocrtest.Fake{Lines: ocrtest.Page("姓名李思远", "出生1990年3月7日")}
		r := Reader{Jail: prepared{Picture: picture, Turned: turned}, Engine: engine, Now: time.Now}
		if _, err := r.Page(t.Context(), "resident_id", "front", f, nil); err != nil {
			t.Fatal(err)
		}
		asked := engine.Asked()
		back := picture.Turned(4 - turned)
		if len(asked) != 1 || asked[0].Width != back.Width || string(asked[0].Pix) != string(back.Pix) {
			t.Errorf("turned by %d: %d pictures were asked about, the first %+v", turned, len(asked), asked[0])
		}
	}
	engine := &ocrtest.Fake{}
	r := Reader{Jail: prepared{Picture: picture, Turned: 1}, Engine: engine, Now: time.Now}
	if _, err := r.Page(t.Context(), "resident_id", "front", f, nil); err != nil || len(engine.Asked()) != 4 {
		t.Errorf("nothing is read: %d pictures, %v", len(engine.Asked()), err)
	}
}
