package identifier_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/verinym/verinym/identifier"
)

// The example of GB 11643, typed as people do.
func ExampleParse() {
	n, err := identifier.Parse(identifier.ResidentID, "１１０１０５ 19491231 002x")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Normal)
	fmt.Println(n.Birth, n.Sex, n.Region)
	fmt.Println(n) // prints as its mask
	// Output:
	// 11010519491231002X
	// 1949-12-31 female 110105
	// 110***********002X
}

// A company's code in the field for a person's.
func ExampleError() {
	_, err := identifier.Parse(identifier.ResidentID, "91350100M000100Y43")
	var e *identifier.Error
	if errors.As(err, &e) && e.Code == identifier.CodeTypeMismatch {
		fmt.Printf("this looks like a %s, but you chose %s\n", e.Looks[0], e.Kind)
	}
	// Output: this looks like a uscc, but you chose resident_id
}

// Position points at the character in the field, Want says what would fit.
func ExampleError_position() {
	_, err := identifier.Parse(identifier.USCC, "9135O1 00M000100Y43")
	var e *identifier.Error
	if errors.As(err, &e) && e.Code == identifier.CodeConfusable {
		fmt.Printf("character %d: %s for %s?\n", e.Position, e.Found, e.Want)
	}
	// Output: character 5: O for 0?
}

// With a day of one's own the answer never changes.
func ExampleParseAt() {
	dayAfterBirth := time.Date(1949, 12, 31, 20, 0, 0, 0, time.UTC) // 1 January in China
	_, err := identifier.ParseAt(identifier.ResidentID, "11010519491231002X", dayAfterBirth)
	fmt.Println(err)
	_, err = identifier.ParseAt(identifier.ResidentID, "11010519491231002X", dayAfterBirth.Add(-24*time.Hour))
	fmt.Println(err)
	// Output:
	// <nil>
	// identifier: resident_id: number_birthdate
}

func ExampleRecognize() {
	fmt.Println(identifier.Recognize("D2143569-X"))
	fmt.Println(identifier.Recognize("81000019951231003X"))
	// Output:
	// [organization_code passport]
	// [hk_macao_residence_permit]
}

// The camera read a Z for a 2.
func ExampleRepair() {
	n, ok := identifier.Repair(identifier.ResidentID, "1101051949123100ZX")
	fmt.Println(n.Normal, ok)
	// Output: 11010519491231002X true
}

func ExampleNumber_Mask() {
	n, _ := identifier.Parse(identifier.HKID, "A123456(3)")
	fmt.Println(n.Mask(), n.MaskTight(), n.Printed())
	// Output: A*****63 A******3 A123456(3)
}
