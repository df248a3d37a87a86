package mrz_test

import (
	"fmt"

	"github.com/verinym/verinym/identifier/mrz"
)

// The passport specimen of Doc 9303-4.
func ExampleParse() {
	d, err := mrz.Parse("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" +
		"L898902C36UTO7408122F1204159ZE184226B<<<<<10")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Format, d.Number, d.Nationality, d.Sex)
	fmt.Println(d.Surname()+",", d.GivenNames())
	fmt.Println(d.Birth, d.Expiry)
	// Output:
	// TD3 L898902C3 UTO female
	// ERIKSSON, ANNA MARIA
	// 1974-08-12 2012-04-15
}

// A digit cannot stand in the issuing state.
func ExampleRepair() {
	r, ok := mrz.Repair("P<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" +
		"L898902C36UTO7408122F1204159ZE184226B<<<<<10")
	fmt.Println(ok, r.Issuer)
	fmt.Printf("line %d, column %d: %c for %c\n", r.Line, r.Column, r.To, r.From)
	// Output:
	// true UTO
	// line 1, column 5: O for 0
}
