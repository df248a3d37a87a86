package sample_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/verinym/verinym/identifier"
	"github.com/verinym/verinym/identifier/sample"
)

func ExampleResidentID() {
	rnd := rand.New(rand.NewPCG(1, 1))
	n, err := identifier.Parse(identifier.ResidentID, sample.ResidentID(rnd))
	fmt.Println(n.Region, err)
	// Output: 990000 <nil>
}
