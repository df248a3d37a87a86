package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/verinym/verinym/client"
	"github.com/verinym/verinym/test/pictures/samples"
)

// li is a holder who does not exist: no authority assigns region 990000.
func li() client.NewProfile {
	return client.NewProfile{
		Accreditation: "mainland", Kind: "cnnic", HolderType: "individual",
		Fields: client.Fields{
			"name_zh": "李思远", "document_kind": "resident_id", "document_number": "990000199003071171",
			"country": "CN", "province_zh": "浙江", "city_zh": "杭州市", "address_zh": "虚构路18号", "postal_code": "310000",
			"phone": "13800000000", "email": "li@registrant.example",
		},
	}
}

// A registrant's profile and a picture of their identity document. The pre-flight check says
// what a review would still send back.
func Example() {
	ctx := context.Background()
	server := start()
	defer server.end()

	c := client.New(server.URL).As(server.key)
	profile, err := c.CreateProfile(ctx, li())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(profile.State, profile.Field("document_number"), "wants", profile.Sides)

	picture := client.Picture{Side: "front", Name: "card.jpg", Content: bytes.NewReader(samples.Li)}
	if _, err := c.UploadDocument(ctx, profile.ID, picture); err != nil {
		log.Fatal(err)
	}
	check, err := c.Preflight(ctx, profile.ID, "cn")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready:", check.Ready)
	for _, f := range check.Findings {
		fmt.Println(f.Code, f.Field)
	}
	// Output:
	// unverified 990***********1171 wants [front]
	// ready: false
	// email_unverified email
	// icp_name_must_match name_zh
}

// A refusal has a stable code, the field that it points at and a text in two languages.
func ExampleError() {
	ctx := context.Background()
	server := start()
	defer server.end()

	mistyped := li()
	mistyped.Fields["document_number"] = "990000199003071172"
	_, err := client.New(server.URL).As(server.key).CreateProfile(ctx, mistyped)
	var refused *client.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Status == http.StatusUnprocessableEntity, refused.Code, refused.Field)
		fmt.Println(refused.Text.EN)
		fmt.Println(refused.Text.ZH)
	}
	// Output:
	// true number_checksum document_number
	// The last character is calculated from the others, and it does not fit. Compare every character with the document; 0 and O, 1 and I, 8 and B are easily confused.
	// 号码最后一位由前面各位计算得出，现在对不上。请逐位对照证件，注意区分 0 和 O、1 和 I、8 和 B。
}

// The answer to a request is lost. The same request under the same key is answered from the
// first one, and nothing is made twice.
func ExampleClient_WithKey() {
	ctx := context.Background()
	server := start()
	defer server.end()

	var again bool
	c := client.New(server.URL).As(server.key).WithKey("profile-of-customer-17").WithReplay(&again)
	first, err := c.CreateProfile(ctx, li())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("replayed:", again)
	second, err := c.CreateProfile(ctx, li())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("replayed:", again, "same profile:", second.ID == first.ID)
	// Output:
	// replayed: false
	// replayed: true same profile: true
}
