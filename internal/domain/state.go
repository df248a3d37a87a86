package domain

import "github.com/verinym/verinym/internal/state"

// Verdict is where one of a domain's two verdicts stands.
type Verdict string

// The states of a verdict.
const (
	NotCompleted Verdict = "not_completed"
	InReview     Verdict = "in_review"
	Verified     Verdict = "verified"
	Failed       Verdict = "failed"
	NotRequired  Verdict = "not_required"
	NotPossible  Verdict = "not_possible"
)

// VerdictEvent moves a verdict from state to state.
type VerdictEvent string

// The events of a verdict. Pass and Fail are the registry's or authority's; it
// may also give them unasked. Reset is a change of holder.
const (
	Submit VerdictEvent = "submit"
	Pass   VerdictEvent = "pass"
	Fail   VerdictEvent = "fail"
	Reset  VerdictEvent = "reset"
)

// Verdicts is the state table of a verdict.
var Verdicts = state.Table[Verdict, VerdictEvent]{
	Noun: "domain_verification",
	Moves: map[Verdict]map[VerdictEvent]Verdict{
		NotCompleted: {Submit: InReview, Pass: Verified, Fail: Failed, Reset: NotCompleted},
		InReview:     {Submit: InReview, Pass: Verified, Fail: Failed, Reset: NotCompleted},
		Verified:     {Pass: Verified, Fail: Failed, Reset: NotCompleted},
		Failed:       {Submit: InReview, Pass: Verified, Fail: Failed, Reset: NotCompleted},
		NotRequired:  {},
		NotPossible:  {},
	},
}

// State is where a domain itself stands with us.
type State string

// The states of a domain.
const (
	Registering State = "registering"
	Importing   State = "importing"
	Registered  State = "registered"
	Unfulfilled State = "failed"
	Deleted     State = "deleted"
	Transferred State = "transferred"
)

// StateEvent moves a domain from state to state.
type StateEvent string

// The events of a domain.
const (
	Create StateEvent = "create"
	Found  StateEvent = "found"
	Refuse StateEvent = "refuse"
	Delete StateEvent = "delete"
	Leave  StateEvent = "leave"
)

// Domains is the state table of a domain.
var Domains = state.Table[State, StateEvent]{
	Noun: "domain",
	Moves: map[State]map[StateEvent]State{
		Registering: {Create: Registered, Found: Registered, Refuse: Unfulfilled, Delete: Deleted},
		Importing:   {Found: Registered},
		Registered:  {Create: Registered, Found: Registered, Delete: Deleted, Leave: Transferred},
		Unfulfilled: {},
		Deleted:     {},
		Transferred: {},
	},
}

// OrderState is where an order stands.
type OrderState string

// The states of an order.
const (
	AwaitingPayment OrderState = "awaiting_payment"
	NamingReview    OrderState = "naming_review"
	AtRegistry      OrderState = "registering"
	Completed       OrderState = "completed"
	OrderFailed     OrderState = "failed"
	OrderCancelled  OrderState = "cancelled"
	OrderExpired    OrderState = "expired"
)

// OrderEvent moves an order from state to state.
type OrderEvent string

// The events of an order. PayReview is payment where the label is reviewed
// before the name may be created.
const (
	Pay         OrderEvent = "pay"
	PayReview   OrderEvent = "pay_review"
	NamePassed  OrderEvent = "name_passed"
	NameFailed  OrderEvent = "name_failed"
	Registers   OrderEvent = "register"
	RefuseOrder OrderEvent = "refuse"
	CancelOrder OrderEvent = "cancel"
	ExpireOrder OrderEvent = "expire"
)

// Orders is the state table of an order.
var Orders = state.Table[OrderState, OrderEvent]{
	Noun: "order",
	Moves: map[OrderState]map[OrderEvent]OrderState{
		AwaitingPayment: {Pay: AtRegistry, PayReview: NamingReview, CancelOrder: OrderCancelled, ExpireOrder: OrderExpired},
		NamingReview:    {NamePassed: AtRegistry, NameFailed: OrderFailed},
		AtRegistry:      {Registers: Completed, RefuseOrder: OrderFailed},
		Completed:       {},
		OrderFailed:     {},
		OrderCancelled:  {},
		OrderExpired:    {},
	},
}

// ImportState is where an import stands.
type ImportState string

// The states of an import.
const (
	ImportRunning ImportState = "importing"
	ImportDone    ImportState = "imported"
	ImportRefused ImportState = "refused"
)

// ImportEvent moves an import from state to state.
type ImportEvent string

// The events of an import.
const (
	ImportFound  ImportEvent = "found"
	ImportRefuse ImportEvent = "refuse"
)

// Imports is the state table of an import. The domain of one that is refused was never
// the account's, and is removed.
var Imports = state.Table[ImportState, ImportEvent]{
	Noun: "domain_import",
	Moves: map[ImportState]map[ImportEvent]ImportState{
		ImportRunning: {ImportFound: ImportDone, ImportRefuse: ImportRefused},
		ImportDone:    {},
		ImportRefused: {},
	},
}

// ImportListState is where a list of names stands that are to be imported.
type ImportListState string

// The states of a list.
const (
	ImportChecking    ImportListState = "checking"
	ImportChecked     ImportListState = "checked"
	ImportListRunning ImportListState = "running"
	ImportListEnded   ImportListState = "ended"
	ImportListStopped ImportListState = "cancelled"
)

// ImportListEvent moves a list from state to state.
type ImportListEvent string

// The events of a list.
const (
	ChecksEnd  ImportListEvent = "checks_end"
	CheckAgain ImportListEvent = "check_again"
	ImportThem ImportListEvent = "import"
	ImportsEnd ImportListEvent = "imports_end"
	CancelList ImportListEvent = "cancel"
)

// ImportLists is the state table of a list.
var ImportLists = state.Table[ImportListState, ImportListEvent]{
	Noun: "import_list",
	Moves: map[ImportListState]map[ImportListEvent]ImportListState{
		ImportChecking:    {ChecksEnd: ImportChecked, CancelList: ImportListStopped},
		ImportChecked:     {CheckAgain: ImportChecking, ImportThem: ImportListRunning, CancelList: ImportListStopped},
		ImportListRunning: {ImportsEnd: ImportListEnded, CancelList: ImportListStopped},
		ImportListEnded:   {},
		ImportListStopped: {},
	},
}

// ImportRowState is where one name of a list stands.
type ImportRowState string

// The states of a name of a list; from importing on they are those of its import.
const (
	RowWaiting   ImportRowState = "waiting"
	RowFound     ImportRowState = "found"
	RowImporting                = ImportRowState(ImportRunning)
	RowImported                 = ImportRowState(ImportDone)
	RowRefused                  = ImportRowState(ImportRefused)
)

// ImportRowEvent moves a name of a list from state to state.
type ImportRowEvent string

// The events of a name of a list.
const (
	FindRow   ImportRowEvent = "found"
	BeginRow  ImportRowEvent = "begin"
	FinishRow ImportRowEvent = "finish"
	RefuseRow ImportRowEvent = "refuse"
	AgainRow  ImportRowEvent = "again"
)

// ImportRows is the state table of a name of a list.
var ImportRows = state.Table[ImportRowState, ImportRowEvent]{
	Noun: "import_row",
	Moves: map[ImportRowState]map[ImportRowEvent]ImportRowState{
		RowWaiting:   {FindRow: RowFound, RefuseRow: RowRefused},
		RowFound:     {BeginRow: RowImporting, RefuseRow: RowRefused},
		RowImporting: {FinishRow: RowImported, RefuseRow: RowRefused},
		RowImported:  {},
		RowRefused:   {AgainRow: RowWaiting},
	},
}

// TransferState is where the transfer of a domain to us stands.
type TransferState string

// The states of a transfer.
const (
	TransferRequesting TransferState = "requesting"
	TransferPending    TransferState = "pending"
	TransferCancelling TransferState = "cancelling"
	TransferCompleted  TransferState = "completed"
	TransferFailed     TransferState = "failed"
	TransferCancelled  TransferState = "cancelled"
)

// TransferEvent moves a transfer from state to state.
type TransferEvent string

// The events of a transfer. Resume is a taking back that the registry has refused.
const (
	AcceptTransfer  TransferEvent = "accept"
	ApproveTransfer TransferEvent = "approve"
	RefuseTransfer  TransferEvent = "refuse"
	WithdrawIt      TransferEvent = "withdraw"
	EndWithdrawn    TransferEvent = "withdrawn"
	ResumeTransfer  TransferEvent = "resume"
)

// Transfers is the state table of a transfer. A domain that is ours, by whatever way,
// is ours: Approve comes before all else.
var Transfers = state.Table[TransferState, TransferEvent]{
	Noun: "domain_transfer",
	Moves: map[TransferState]map[TransferEvent]TransferState{
		TransferRequesting: {AcceptTransfer: TransferPending, ApproveTransfer: TransferCompleted, RefuseTransfer: TransferFailed, EndWithdrawn: TransferCancelled},
		TransferPending: {AcceptTransfer: TransferPending, ApproveTransfer: TransferCompleted, RefuseTransfer: TransferFailed, WithdrawIt: TransferCancelling,
			EndWithdrawn: TransferCancelled},
		TransferCancelling: {AcceptTransfer: TransferCancelling, ApproveTransfer: TransferCompleted, RefuseTransfer: TransferFailed, EndWithdrawn: TransferCancelled,
			ResumeTransfer: TransferPending},
		TransferCompleted: {},
		TransferFailed:    {},
		TransferCancelled: {},
	},
}

// ItemState is where one domain of an association task stands.
type ItemState string

// The states of an item.
const (
	ItemQueued     ItemState = "queued"
	ItemAtRegistry ItemState = "at_registry"
	ItemSucceeded  ItemState = "succeeded"
	ItemFailed     ItemState = "failed"
	ItemCancelled  ItemState = "cancelled"
)

// ItemEvent moves an item from state to state.
type ItemEvent string

// The events of an item.
const (
	ItemSent    ItemEvent = "sent"
	ItemSucceed ItemEvent = "succeed"
	ItemFail    ItemEvent = "fail"
	ItemCancel  ItemEvent = "cancel"
)

// Items is the state table of an association item.
var Items = state.Table[ItemState, ItemEvent]{
	Noun: "association_item",
	Moves: map[ItemState]map[ItemEvent]ItemState{
		ItemQueued:     {ItemSent: ItemAtRegistry, ItemSucceed: ItemSucceeded, ItemFail: ItemFailed, ItemCancel: ItemCancelled},
		ItemAtRegistry: {ItemSent: ItemAtRegistry, ItemSucceed: ItemSucceeded, ItemFail: ItemFailed, ItemCancel: ItemCancelled},
		ItemSucceeded:  {},
		ItemFailed:     {},
		ItemCancelled:  {},
	},
}

// TaskState is where an association task stands.
type TaskState string

// The states of a task. A waiting one waits for its profile to be verified.
const (
	TaskWaiting    TaskState = "waiting"
	TaskRunning    TaskState = "running"
	TaskPaused     TaskState = "paused"
	TaskCancelling TaskState = "cancelling"
	TaskFinished   TaskState = "finished"
	TaskCancelled  TaskState = "cancelled"
)

// TaskEvent moves a task from state to state.
type TaskEvent string

// The events of a task.
const (
	TaskStart  TaskEvent = "start"
	TaskPause  TaskEvent = "pause"
	TaskResume TaskEvent = "resume"
	TaskCancel TaskEvent = "cancel"
	TaskEnd    TaskEvent = "end"
)

// Tasks is the state table of an association task. What is at the registry goes on while
// a task is paused, so that it may end.
var Tasks = state.Table[TaskState, TaskEvent]{
	Noun: "association",
	Moves: map[TaskState]map[TaskEvent]TaskState{
		TaskWaiting:    {TaskStart: TaskRunning, TaskCancel: TaskCancelling},
		TaskRunning:    {TaskPause: TaskPaused, TaskCancel: TaskCancelling, TaskEnd: TaskFinished},
		TaskPaused:     {TaskResume: TaskRunning, TaskCancel: TaskCancelling, TaskEnd: TaskFinished},
		TaskCancelling: {TaskEnd: TaskCancelled},
		TaskFinished:   {},
		TaskCancelled:  {},
	},
}

// AnswerState is where a clock of the registrant's answer stands.
type AnswerState string

// The states of a clock.
const (
	Awaited  AnswerState = "awaited"
	Answered AnswerState = "answered"
	Overdue  AnswerState = "expired"
	Dropped  AnswerState = "dropped"
)

// AnswerEvent moves a clock from state to state.
type AnswerEvent string

// The events of a clock. Attest is staff's word for another means than mail; a clock is
// dropped when another registrant is asked, or the domain has gone.
const (
	GiveAnswer   AnswerEvent = "answer"
	AttestAnswer AnswerEvent = "attest"
	ExpireAnswer AnswerEvent = "expire"
	DropAnswer   AnswerEvent = "drop"
)

// ConsentState is where one party's word to changes of holder stands.
type ConsentState string

// The states of a consent.
const (
	ConsentAwaited  ConsentState = "awaited"
	ConsentGiven    ConsentState = "given"
	ConsentRefused  ConsentState = "declined"
	ConsentOverdue  ConsentState = "expired"
	ConsentNotAsked ConsentState = "dropped"
)

// ConsentEvent moves a consent from state to state.
type ConsentEvent string

// The events of a consent. Drop is the end of the task that asked for it.
const (
	GiveConsent   ConsentEvent = "give"
	RefuseConsent ConsentEvent = "decline"
	ExpireConsent ConsentEvent = "expire"
	DropConsent   ConsentEvent = "drop"
)

// Consents is the state table of a consent. Who has answered once has answered.
var Consents = state.Table[ConsentState, ConsentEvent]{
	Noun: "holder_consent",
	Moves: map[ConsentState]map[ConsentEvent]ConsentState{
		ConsentAwaited:  {GiveConsent: ConsentGiven, RefuseConsent: ConsentRefused, ExpireConsent: ConsentOverdue, DropConsent: ConsentNotAsked},
		ConsentGiven:    {},
		ConsentRefused:  {},
		ConsentOverdue:  {},
		ConsentNotAsked: {},
	},
}

// Answers is the state table of a clock. What is in doubt again starts a new one.
var Answers = state.Table[AnswerState, AnswerEvent]{
	Noun: "domain_answer",
	Moves: map[AnswerState]map[AnswerEvent]AnswerState{
		Awaited:  {GiveAnswer: Answered, AttestAnswer: Answered, ExpireAnswer: Overdue, DropAnswer: Dropped},
		Overdue:  {GiveAnswer: Answered, AttestAnswer: Answered, DropAnswer: Dropped},
		Answered: {},
		Dropped:  {},
	},
}
