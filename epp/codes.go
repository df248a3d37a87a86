package epp

// Namespaces of the core protocol.
const (
	NS       = "urn:ietf:params:xml:ns:epp-1.0"
	NSCommon = "urn:ietf:params:xml:ns:eppcom-1.0"
)

// Result codes of RFC 5730 section 3. 1xxx is success, 2xxx is failure; after
// 1500 and 25xx the server closes the session.
const (
	CodeOK                 = 1000 // command completed successfully
	CodePending            = 1001 // completed; the action is pending and ends with a poll message
	CodeNoMessages         = 1300 // the poll queue is empty
	CodeMessage            = 1301 // a poll message; ack to dequeue
	CodeEnding             = 1500 // completed; ending session
	CodeUnknownCommand     = 2000
	CodeSyntax             = 2001 // not well-formed or not valid
	CodeUse                = 2002 // command used in the wrong state
	CodeMissing            = 2003 // required parameter missing
	CodeRange              = 2004 // parameter value out of range
	CodeValueSyntax        = 2005 // parameter value of the wrong form
	CodeVersion            = 2100 // protocol version not implemented
	CodeUnimplemented      = 2101 // command not implemented
	CodeOption             = 2102 // option not implemented
	CodeExtension          = 2103 // extension not implemented
	CodeBilling            = 2104
	CodeNotRenewable       = 2105
	CodeNotTransferable    = 2106
	CodeAuthentication     = 2200 // wrong client or password
	CodeAuthorization      = 2201 // the object is another registrar's
	CodeAuthInfo           = 2202 // wrong authorisation information
	CodePendingTransfer    = 2300
	CodeNotPendingTransfer = 2301
	CodeExists             = 2302
	CodeNotExists          = 2303
	CodeStatus             = 2304 // a status of the object prohibits the operation
	CodeAssociation        = 2305 // an association of the object prohibits the operation
	CodePolicy             = 2306 // parameter value against the server's policy
	CodeService            = 2307 // object service not implemented
	CodeDataPolicy         = 2308 // data management policy violation
	CodeFailed             = 2400 // command failed; the session goes on
	CodeFailedClosing      = 2500
	CodeAuthClosing        = 2501 // authentication error; server closing connection
	CodeSessionLimit       = 2502 // session limit exceeded; server closing connection
)

var codeTexts = map[int]string{
	CodeOK:                 "Command completed successfully",
	CodePending:            "Command completed successfully; action pending",
	CodeNoMessages:         "Command completed successfully; no messages",
	CodeMessage:            "Command completed successfully; ack to dequeue",
	CodeEnding:             "Command completed successfully; ending session",
	CodeUnknownCommand:     "Unknown command",
	CodeSyntax:             "Command syntax error",
	CodeUse:                "Command use error",
	CodeMissing:            "Required parameter missing",
	CodeRange:              "Parameter value range error",
	CodeValueSyntax:        "Parameter value syntax error",
	CodeVersion:            "Unimplemented protocol version",
	CodeUnimplemented:      "Unimplemented command",
	CodeOption:             "Unimplemented option",
	CodeExtension:          "Unimplemented extension",
	CodeBilling:            "Billing failure",
	CodeNotRenewable:       "Object is not eligible for renewal",
	CodeNotTransferable:    "Object is not eligible for transfer",
	CodeAuthentication:     "Authentication error",
	CodeAuthorization:      "Authorization error",
	CodeAuthInfo:           "Invalid authorization information",
	CodePendingTransfer:    "Object pending transfer",
	CodeNotPendingTransfer: "Object not pending transfer",
	CodeExists:             "Object exists",
	CodeNotExists:          "Object does not exist",
	CodeStatus:             "Object status prohibits operation",
	CodeAssociation:        "Object association prohibits operation",
	CodePolicy:             "Parameter value policy error",
	CodeService:            "Unimplemented object service",
	CodeDataPolicy:         "Data management policy violation",
	CodeFailed:             "Command failed",
	CodeFailedClosing:      "Command failed; server closing connection",
	CodeAuthClosing:        "Authentication error; server closing connection",
	CodeSessionLimit:       "Session limit exceeded; server closing connection",
}

// CodeText is the English text that RFC 5730 gives to a result code, or "".
func CodeText(code int) string { return codeTexts[code] }

// endsSession reports whether a server closes the connection after this code.
func endsSession(code int) bool {
	return code == CodeEnding || code >= CodeFailedClosing
}

// Statuses of domains (RFC 5731 section 2.3) and contacts (RFC 5733 section
// 2.2). The client* ones are the sponsoring registrar's to set and lift, all
// others the registry's.
const (
	StatusOK                 = "ok"
	StatusInactive           = "inactive" // domain without delegation
	StatusLinked             = "linked"   // contact in use
	ClientHold               = "clientHold"
	ClientDeleteProhibited   = "clientDeleteProhibited"
	ClientRenewProhibited    = "clientRenewProhibited"
	ClientTransferProhibited = "clientTransferProhibited"
	ClientUpdateProhibited   = "clientUpdateProhibited"
	ServerHold               = "serverHold"
	ServerDeleteProhibited   = "serverDeleteProhibited"
	ServerRenewProhibited    = "serverRenewProhibited"
	ServerTransferProhibited = "serverTransferProhibited"
	ServerUpdateProhibited   = "serverUpdateProhibited"
	PendingCreate            = "pendingCreate"
	PendingDelete            = "pendingDelete"
	PendingRenew             = "pendingRenew"
	PendingTransfer          = "pendingTransfer"
	PendingUpdate            = "pendingUpdate"
)

// Values of the op attribute of a transfer (RFC 5730 sections 2.9.2.4 and 2.9.3.4).
const (
	TransferOpRequest = "request"
	TransferOpQuery   = "query"
	TransferOpCancel  = "cancel"
	TransferOpApprove = "approve"
	TransferOpReject  = "reject"
)

// How a transfer stands (eppcom:trStatusType).
const (
	TransferPending         = "pending"
	TransferClientApproved  = "clientApproved"
	TransferClientCancelled = "clientCancelled"
	TransferClientRejected  = "clientRejected"
	TransferServerApproved  = "serverApproved"
	TransferServerCancelled = "serverCancelled"
)

// NSUnhandled is declared at login to get what the client did not declare as
// reasons of the result instead of not at all (RFC 9038); see
// [Response.Unhandled].
const NSUnhandled = "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"
