package civil_test

import (
	"fmt"
	"time"

	"github.com/verinym/verinym/identifier/civil"
)

// A day that no calendar has, and one that only leap years have.
func ExampleDate_Exists() {
	fmt.Println(civil.Date{Year: 2025, Month: time.February, Day: 29}.Exists())
	leap := civil.Date{Year: 2024, Month: time.February, Day: 29}
	fmt.Println(leap.Exists(), leap, leap.Compare(civil.Date{Year: 2024, Month: time.March, Day: 1}) < 0)
	// Output:
	// false
	// true 2024-02-29 true
}
