#!/usr/bin/perl
# Drives a registry with Net::EPP, a client with other authors, and prints the
# result code of each command: "label code [text]".
# Usage: netepp.pl HOST PORT CAFILE CLIENT PASSWORD
use strict;
use warnings;
use utf8;
use Net::EPP::Client;
use Net::EPP::Frame;

my ($host, $port, $ca, $client, $password) = @ARGV;
my $epp = Net::EPP::Client->new(host => $host, port => $port, ssl => 1, frames => 1);
my $greeting = $epp->connect(SSL_ca_file => $ca, SSL_verify_mode => 1);
print "greeting ", text($greeting, 'svID'), "\n";

sub text {
    my ($frame, $name) = @_;
    my ($node) = $frame->getElementsByLocalName($name);
    return $node ? $node->textContent : '';
}

# ask sends a command and prints its label, its code and what pick finds.
my $serial = 0;
sub ask {
    my ($label, $frame, $pick) = @_;
    my $id = 'perl-' . ++$serial;
    $frame->clTRID->appendText($id);
    my $answer = $epp->request($frame);
    my ($result) = $answer->getElementsByLocalName('result');
    die "$label: answer has another clTRID\n" unless text($answer, 'clTRID') eq $id;
    print join(' ', $label, $result->getAttribute('code'), $pick ? $pick->($answer) : ()), "\n";
    return $answer;
}

# extension adds an element in a namespace of its own to a command.
sub extension {
    my ($frame, $ns, $name, @fields) = @_;
    my $extension = $frame->createElement('extension');
    my $root = $extension->addNewChild($ns, $name);
    for my $field (@fields) {
        my ($tag, $value, %attributes) = @$field;
        my $child = $root->addNewChild($ns, $tag);
        $child->appendText($value);
        $child->setAttribute($_, $attributes{$_}) for keys %attributes;
    }
    $frame->getCommandNode->parentNode->insertBefore($extension, $frame->clTRID);
}

my $cnnic = 'urn:ietf:params:xml:ns:cnnic-contact-1.0';
my $login = Net::EPP::Frame::Command::Login->new;
$login->clID->appendText($client);
$login->pw->appendText($password);
$login->version->appendText('1.0');
$login->lang->appendText('en');
my $svcs = $login->svcs;
for my $uri ('domain-1.0', 'contact-1.0', 'host-1.0') {
    my $element = $login->createElement('objURI');
    $element->appendText("urn:ietf:params:xml:ns:$uri");
    $svcs->appendChild($element);
}
my $extensions = $login->createElement('svcExtension');
my $uri = $login->createElement('extURI');
$uri->appendText($cnnic);
$extensions->appendChild($uri);
$svcs->appendChild($extensions);
ask('login', $login);

my $check = Net::EPP::Frame::Command::Check::Domain->new;
$check->addDomain('example.cn');
ask('check', $check, sub { my ($n) = $_[0]->getElementsByLocalName('name'); $n->getAttribute('avail') });

my $contact = Net::EPP::Frame::Command::Create::Contact->new;
$contact->setContact('perl-1');
$contact->addPostalInfo('loc', '张三', '', { street => ['中关村南四街4号'], city => '北京', sp => '北京', pc => '100190', cc => 'CN' });
$contact->setVoice('+86.13800000000');
$contact->setEmail('perl@example.cn');
$contact->setAuthInfo('contact-pw');
extension($contact, $cnnic, 'cnnic-contact:create', ['type', 'I'], ['contact', '11010519491231002X', type => 'SFZ']);
ask('contact-create', $contact);

my $create = Net::EPP::Frame::Command::Create::Domain->new;
$create->setDomain('example.cn');
$create->setPeriod(2, 'y');
$create->setNS('ns1.example.net');
$create->setRegistrant('perl-1');
$create->setAuthInfo('domain-pw');
ask('create', $create, sub { text($_[0], 'exDate') });

for my $try (['hold', 'addStatus', 'clientHold'], ['release', 'remStatus', 'clientHold'], ['server-hold', 'remStatus', 'serverHold']) {
    my ($label, $method, $status) = @$try;
    my $update = Net::EPP::Frame::Command::Update::Domain->new;
    $update->setDomain('example.cn');
    $update->$method($status);
    ask($label, $update);
}

my $info = Net::EPP::Frame::Command::Info::Domain->new;
$info->setDomain('example.cn');
ask('info', $info, sub { text($_[0], 'registrant') });

my $poll = ask('poll', Net::EPP::Frame::Command::Poll::Req->new, sub { text($_[0], 'name') });
my ($queue) = $poll->getElementsByLocalName('msgQ');
my $ack = Net::EPP::Frame::Command::Poll::Ack->new;
$ack->setMsgID($queue->getAttribute('id'));
ask('ack', $ack);
ask('poll-empty', Net::EPP::Frame::Command::Poll::Req->new);

my $hosts = Net::EPP::Frame::Command::Check::Host->new;
$hosts->addHost('ns1.example.cn');
ask('host-check', $hosts, sub { my ($n) = $_[0]->getElementsByLocalName('name'); $n->getAttribute('avail') });
my $nameserver = Net::EPP::Frame::Command::Create::Host->new;
$nameserver->setHost('ns1.example.cn');
$nameserver->setAddr({ ip => '192.0.2.1', version => 'v4' }, { ip => '2001:db8::1', version => 'v6' });
ask("host-create", $nameserver);
my $hostInfo = Net::EPP::Frame::Command::Info::Host->new;
$hostInfo->setHost('ns1.example.cn');
ask('host-info', $hostInfo, sub { join ' ', map { $_->textContent } $_[0]->getElementsByLocalName('addr') });

my $transfer = Net::EPP::Frame::Command::Transfer::Domain->new;
$transfer->setOp('query');
$transfer->setDomain('example.cn');
ask('transfer-query', $transfer);

my $hostDelete = Net::EPP::Frame::Command::Delete::Host->new;
$hostDelete->setHost('ns1.example.cn');
ask('host-delete', $hostDelete);

my $delete = Net::EPP::Frame::Command::Delete::Domain->new;
$delete->setDomain('example.cn');
ask('delete', $delete);
ask('logout', Net::EPP::Frame::Command::Logout->new);
