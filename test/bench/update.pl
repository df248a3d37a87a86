#!/usr/bin/perl
# Net::EPP's update loop: update.pl HOST PORT CA_FILE CLIENT PASSWORD DOMAIN N
# prints updates per second, the session's opening left out.
use strict;
use warnings;
use Net::EPP::Client;
use Net::EPP::Frame;
use Time::HiRes 'time';

my ($host, $port, $ca, $client, $password, $domain, $n) = @ARGV;
my $epp = Net::EPP::Client->new(host => $host, port => $port, ssl => 1, frames => 1);
$epp->connect(SSL_ca_file => $ca, SSL_verify_mode => 1, SSL_verifycn_scheme => 'none');
my $login = Net::EPP::Frame::Command::Login->new;
$login->clID->appendText($client);
$login->pw->appendText($password);
$login->version->appendText('1.0');
$login->lang->appendText('en');
my $objects = $login->createElement('objURI');
$objects->appendText('urn:ietf:params:xml:ns:domain-1.0');
$login->svcs->appendChild($objects);
$login->clTRID->appendText('bench-login');
my $code = sub { ($_[0]->getElementsByTagName('result'))[0]->getAttribute('code') };
my $answer = $epp->request($login);
die 'login: ' . $code->($answer) unless $code->($answer) == 1000;
my $start = time;
for my $i (1 .. $n) {
    my $update = Net::EPP::Frame::Command::Update::Domain->new;
    $update->setDomain($domain);
    $i % 2 ? $update->addStatus('clientTransferProhibited') : $update->remStatus('clientTransferProhibited');
    $update->clTRID->appendText("bench-$i");
    $answer = $epp->request($update);
    die 'update: ' . $code->($answer) unless $code->($answer) == 1000;
}
printf "%.1f\n", $n / (time - $start);
