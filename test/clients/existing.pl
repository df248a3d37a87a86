#!/usr/bin/perl
# Registers a contact and a domain at an EPP registry with Net::EPP, as another
# system of the same registrar would have done years ago.
#
#   existing.pl HOST PORT CA_FILE CLIENT PASSWORD create ID NAME NUMBER DOMAIN
#   existing.pl HOST PORT CA_FILE CLIENT PASSWORD info DOMAIN
use strict;
use warnings;
use utf8;
use Encode qw(decode_utf8);
use Net::EPP::Client;
use XML::LibXML;

my ($host, $port, $ca, $client, $password, $verb, @args) = map { decode_utf8($_) } @ARGV;
binmode STDOUT, ':utf8';

my $epp = Net::EPP::Client->new(host => $host, port => $port, ssl => 1);
$epp->connect(SSL_ca_file => $ca, SSL_verify_mode => 1, SSL_verifycn_scheme => 'none');

sub ask {
    my ($command, $wanted) = @_;
    my $frame = '<?xml version="1.0" encoding="UTF-8"?><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command>' . $command . '<clTRID>out-' . time . '-' . int(rand(1e6)) . '</clTRID></command></epp>';
    utf8::encode($frame);
    my $answer = XML::LibXML->load_xml(string => $epp->request($frame));
    my $x = XML::LibXML::XPathContext->new($answer);
    $x->registerNs(e => 'urn:ietf:params:xml:ns:epp-1.0');
    $x->registerNs(d => 'urn:ietf:params:xml:ns:domain-1.0');
    $x->registerNs(c => 'urn:ietf:params:xml:ns:contact-1.0');
    my $code = $x->findvalue('//e:result/@code');
    die "code $code, want $wanted: " . $x->findvalue('//e:msg') . ' ' . $x->findvalue('//e:reason') . "\n" unless $code == $wanted;
    return $x;
}

my $uri = 'urn:ietf:params:xml:ns';
ask("<login><clID>$client</clID><pw>$password</pw><options><version>1.0</version><lang>en</lang></options><svcs><objURI>$uri:domain-1.0</objURI><objURI>$uri:contact-1.0</objURI>"
    . "<svcExtension><extURI>$uri:cnnic-contact-1.0</extURI><extURI>$uri:cnnic-domain-1.0</extURI></svcExtension></svcs></login>", 1000);

if ($verb eq 'create') {
    my ($id, $name, $number, $domain) = @args;
    ask("<create><contact:create xmlns:contact='$uri:contact-1.0'><contact:id>$id</contact:id><contact:postalInfo type='loc'><contact:name>$name</contact:name>"
        . "<contact:addr><contact:street>虚构路1号</contact:street><contact:city>杭州市</contact:city><contact:sp>浙江</contact:sp><contact:pc>310000</contact:pc><contact:cc>CN</contact:cc></contact:addr></contact:postalInfo>"
        . "<contact:voice>+86.13800000000</contact:voice><contact:email>old\@registrant.example</contact:email><contact:authInfo><contact:pw>longago-1</contact:pw></contact:authInfo></contact:create></create>"
        . "<extension><cnnic-contact:create xmlns:cnnic-contact='$uri:cnnic-contact-1.0'><cnnic-contact:type>I</cnnic-contact:type><cnnic-contact:contact type='SFZ'>$number</cnnic-contact:contact><cnnic-contact:purveyor>$client</cnnic-contact:purveyor></cnnic-contact:create></extension>", 1000);
    ask("<create><domain:create xmlns:domain='$uri:domain-1.0'><domain:name>$domain</domain:name><domain:period unit='y'>1</domain:period><domain:registrant>$id</domain:registrant><domain:authInfo><domain:pw>longago-1</domain:pw></domain:authInfo></domain:create></create>"
        . "<extension><cnnic-domain:create xmlns:cnnic-domain='$uri:cnnic-domain-1.0'><cnnic-domain:type>I</cnnic-domain:type><cnnic-domain:purveyor>$client</cnnic-domain:purveyor></cnnic-domain:create></extension>", 1000);
    print "$id\n";
} elsif ($verb eq 'info') {
    my $x = ask("<info><domain:info xmlns:domain='$uri:domain-1.0'><domain:name>$args[0]</domain:name></domain:info></info>", 1000);
    my $registrant = $x->findvalue('//d:registrant');
    my @status = map { $_->value } $x->findnodes('//d:status/@s');
    my $c = ask("<info><contact:info xmlns:contact='$uri:contact-1.0'><contact:id>$registrant</contact:id></contact:info></info>", 1000);
    print join(' ', $registrant, $c->findvalue("//c:postalInfo[\@type='loc']/c:name"), @status), "\n";
}
$epp->disconnect;
