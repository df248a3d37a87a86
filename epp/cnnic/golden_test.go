package cnnic_test

import (
	"reflect"
	"testing"

	"github.com/verinym/verinym/epp"
	"github.com/verinym/verinym/epp/cnnic"
	"github.com/verinym/verinym/epp/contact"
	"github.com/verinym/verinym/epp/domain"
	"github.com/verinym/verinym/epp/host"
	"github.com/verinym/verinym/epp/internal/epptest"
	"github.com/verinym/verinym/epp/wire"
)

var holder = cnnic.Contact{
	Type: cnnic.Enterprise, IDType: cnnic.ORG, IDNumber: "110101190001010001",
	Purveyor: "mypurveyor", Mobile: "+86.013811939493",
}

// The values are those of the samples in Net::DRI's t/CN.t.
func TestExtensions(t *testing.T) {
	t.Parallel()
	createContact := contact.Create{
		ID: "cnnic", Email: "support@cnnic.cn", AuthInfo: &epp.AuthInfo{PW: "fooBAR"},
		Postal: []contact.PostalInfo{{Type: contact.Loc, Name: "约翰", Org: "例子公司", Addr: contact.Address{City: "Beijing", CC: "CN"}}},
	}
	tests := map[string]struct {
		body      epp.Body
		extension epp.Extension
		parse     func(*wire.Element) (epp.Extension, error)
	}{
		"contact-create": {
			createContact, cnnic.ContactCreate(holder),
			func(e *wire.Element) (epp.Extension, error) { return cnnic.ParseContactCreate(e) },
		},
		"contact-update": {
			contact.Update{ID: "cnnic"},
			cnnic.ContactUpdate{
				Add: cnnic.Contact{Mobile: "+86.013811939493"}, Rem: cnnic.Contact{Purveyor: "mypurveyor"},
				Chg: cnnic.Contact{IDType: cnnic.SFZ, IDNumber: "110101190001010006"},
			},
			func(e *wire.Element) (epp.Extension, error) { return cnnic.ParseContactUpdate(e) },
		},
		"domain-create": {
			domain.Create{Name: "example.cn", Registrant: "cnnic", AuthInfo: &epp.AuthInfo{PW: "2fooBAR"}},
			cnnic.DomainCreate{Type: cnnic.Enterprise, Purveyor: "mypurveyor"},
			func(e *wire.Element) (epp.Extension, error) { return cnnic.ParseDomainCreate(e) },
		},
		"domain-update": {
			domain.Update{Name: "example.cn"},
			cnnic.DomainUpdate{Chg: cnnic.Domain{Type: cnnic.Individual, Purveyor: "mypurveyor"}},
			func(e *wire.Element) (epp.Extension, error) { return cnnic.ParseDomainUpdate(e) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := epp.Command{Body: tt.body, Extensions: []epp.Extension{tt.extension}, ClTRID: "ABC-12345"}
			golden := epptest.Golden(t, "command-"+name, cmd.AppendXML(nil))
			request, err := epp.ParseRequest(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := tt.parse(request.Extension(tt.extension.Namespace()))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.extension) {
				t.Errorf("read back\n%+v\nwant\n%+v", got, tt.extension)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		extension epp.Extension
		parse     func(*wire.Element) (epp.Extension, error)
	}{
		"contact-info": {
			cnnic.ContactInfo(holder),
			func(e *wire.Element) (epp.Extension, error) { return cnnic.ParseContactInfo(e) },
		},
		"domain-info": {
			cnnic.DomainInfo{Purveyor: "mypurveyor"},
			func(e *wire.Element) (epp.Extension, error) { return cnnic.ParseDomainInfo(e) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := epp.Reply{Code: epp.CodeOK, Extensions: []epp.Extension{tt.extension}, ClTRID: "ABC-12345", SvTRID: "54322-XYZ"}
			golden := epptest.Golden(t, "answer-"+name, reply.AppendXML(nil))
			response, err := epp.ParseResponse(golden, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := tt.parse(response.Extension(tt.extension.Namespace()))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.extension) {
				t.Errorf("read back\n%+v\nwant\n%+v", got, tt.extension)
			}
		})
	}
}

// The values are those of the samples in Net::DRI's t/CNNIC_gTLD.t.
func TestRegistryExtension(t *testing.T) {
	t.Parallel()
	epptest.CommandExtension(t, "registry-create", host.Create{Name: "ns1.example.cn"}, cnnic.RegistryCreate("cnnic"), cnnic.ParseRegistryCreate)
	epptest.AnswerExtension(t, "registry-info", nil, cnnic.RegistryInfo("cnnic"), cnnic.ParseRegistryInfo)
}

func TestSchemasAcceptTheFrames(t *testing.T) {
	t.Parallel()
	epptest.Validate(t, "testdata/*.xml")
}
