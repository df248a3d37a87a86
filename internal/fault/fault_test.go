package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/verinym/verinym/internal/fault"
)

func TestCodeSurvivesEveryLayerItPassesThrough(t *testing.T) {
	t.Parallel()
	inner := fault.At("email", "email_invalid").With("Address", "li@").Because(errors.New("missing domain"))
	err := fmt.Errorf("profile: create: %w", fmt.Errorf("emailcheck: request: %w", inner))
	if fault.Code(err) != "email_invalid" {
		t.Errorf("the code is %q", fault.Code(err))
	}
	f := fault.From(err)
	if f.Kind != fault.Invalid || f.Field != "email" || f.Params["Address"] != "li@" {
		t.Errorf("the fault came out as %+v", f)
	}
	if !errors.Is(err, fault.New(fault.Invalid, "email_invalid")) {
		t.Error("errors.Is does not know the fault by its code")
	}
	if errors.Is(err, fault.New(fault.Invalid, "email_unverified")) {
		t.Error("errors.Is takes it for another fault")
	}
}

func TestCauseIsKeptForTheOperator(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	f := fault.At("file", "upload_broken").Because(cause)
	if !errors.Is(f, cause) {
		t.Error("the cause is not in the chain")
	}
	if got, want := f.Error(), "upload_broken (file): connection reset"; got != want {
		t.Errorf("the log says %q, want %q", got, want)
	}
}

func TestErrorThatIsNoFaultIsOurOwnFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	f := fault.From(broken)
	if f.Kind != fault.Internal || f.Code != "internal" || !errors.Is(f, broken) {
		t.Errorf("got %+v", f)
	}
	if fault.Code(broken) != "internal" || fault.Code(nil) != "" || fault.From(nil) != nil {
		t.Errorf("codes %q and %q", fault.Code(broken), fault.Code(nil))
	}
}

func TestParameterOfOneAnswerIsNotSeenInAnother(t *testing.T) {
	t.Parallel()
	shared := fault.New(fault.TooMany, "email_resend_too_soon").With("Seconds", "60")
	first := shared.With("Seconds", "12").With("Address", "li@example.com")
	second := shared.Because(errors.New("too soon"))
	if shared.Params["Seconds"] != "60" || len(shared.Params) != 1 || shared.Cause != nil {
		t.Errorf("the shared fault has become %+v", shared)
	}
	if first.Params["Seconds"] != "12" || first.Params["Address"] != "li@example.com" {
		t.Errorf("the first answer has %v", first.Params)
	}
	if second.Params["Seconds"] != "60" {
		t.Errorf("the second answer has %v", second.Params)
	}
}

func TestEveryFaultOfARequestIsToldAtOnce(t *testing.T) {
	t.Parallel()
	var none fault.List
	none.Add(nil)
	if err := none.Err(); err != nil {
		t.Errorf("no fault gives %v", err)
	}
	phone, mail := fault.At("phone", "phone_invalid"), fault.At("email", "email_invalid")
	one := fault.List{phone}
	if err := one.Err(); fault.From(err) != phone {
		t.Errorf("one fault gives %v", err)
	}
	var two fault.List
	two.Add(phone)
	two.Add(mail)
	f := fault.From(two.Err())
	if f.Kind != fault.Invalid || f.Code != "invalid_input" || len(f.Details) != 2 || f.Details[0] != phone || f.Details[1] != mail {
		t.Errorf("two faults give %+v", f)
	}
	if got, want := f.Error(), "invalid_input: phone_invalid (phone), email_invalid (email)"; got != want {
		t.Errorf("the log says %q, want %q", got, want)
	}
}
