// Package cnnic holds the EPP extensions of CNNIC, the registry of .cn and .中国:
// cnnic-contact-1.0, which adds who a contact is and the number of its identity
// document, cnnic-domain-1.0, which adds the kind of holder of a domain and the
// registrar's agent, and cnnic-registry-1.0, which says whose repository a
// contact or host is for.
//
// All are reconstructions. CNNIC gives its schemas to accredited registrars
// only; names, order and values here follow the wire samples in the tests of
// Net::DRI (t/CN.t, t/CNNIC_gTLD.t and lib/Net/DRI/Protocol/EPP/Extensions/CNNIC). Check them
// against the registry's own documents before production.
//
// # What it never does
//
// The images of identity documents do not travel over EPP. CNNIC takes them
// over an audit interface of its own, which this package does not speak.
package cnnic

// Namespaces of the extensions.
const (
	NSContact = "urn:ietf:params:xml:ns:cnnic-contact-1.0"
	NSDomain  = "urn:ietf:params:xml:ns:cnnic-domain-1.0"
)

// Kinds of holder.
const (
	Individual = "I"
	Enterprise = "E"
)

// Kinds of identity document, as Net::DRI lists them. A registry may take more.
const (
	SFZ    = "SFZ"    // resident identity card
	HZ     = "HZ"     // passport
	GAJMTX = "GAJMTX" // exit-entry permit for Hong Kong and Macao residents
	TWJMTX = "TWJMTX" // travel permit for Taiwan residents
	WJLSFZ = "WJLSFZ" // foreign permanent resident identity card
	GATJZZ = "GATJZZ" // residence permit for Hong Kong, Macao and Taiwan residents
	ORG    = "ORG"    // organisation code certificate
	YYZZ   = "YYZZ"   // business licence
	TYDM   = "TYDM"   // unified social credit code certificate
	BDDM   = "BDDM"   // military code designation
	JDDWFW = "JDDWFW" // military paid external service licence
	SYDWFR = "SYDWFR" // public institution legal person certificate
	WGCZJG = "WGCZJG" // resident representative office of a foreign enterprise
	SHTTFR = "SHTTFR" // social organisation legal person certificate
	ZJCS   = "ZJCS"   // religious activity site registration
	MBFQY  = "MBFQY"  // private non-enterprise entity registration
	JJHFR  = "JJHFR"  // fund legal person certificate
	LSZY   = "LSZY"   // law firm practising licence
	WGZHWH = "WGZHWH" // foreign cultural centre in China
	WLCZJG = "WLCZJG" // representative office of a foreign tourism department
	SFJD   = "SFJD"   // judicial expertise licence
	JWJG   = "JWJG"   // overseas organisation certificate
	SHFWJG = "SHFWJG" // social service agency registration
	MBXXBX = "MBXXBX" // private school permit
	YLJGZY = "YLJGZY" // medical institution practising licence
	GZJGZY = "GZJGZY" // notary organisation practising licence
	BJWSXX = "BJWSXX" // Beijing school for children of foreign embassy staff
	QT     = "QT"     // other
)
