#!/usr/bin/perl
# Ontdubbelt het klantadressenbestand (BAG-koppeling) en schrijft de tabel voor het CRM.
use strict;
use warnings;
use POSIX ();

$| = 1;
my $uit = $ENV{AZURE_ML_OUTPUT_adressen} or die "geen uitvoermap\n";
my @straten = qw(Kerkstraat Dorpsweg Molenlaan Havenkade Lindehof Stationsplein Beukenlaan);
my @plaatsen = qw(Utrecht Zwolle Breda Assen Goes Venlo);
my (%gezien, $regels, $dubbel);
$regels = $dubbel = 0;

sub stempel { my @t = gmtime; return sprintf '%02d:%02d:%02d', @t[2, 1, 0] }

open my $tabel, '>', "$uit/adressen.tsv" or die "adressen.tsv: $!\n";
print {$tabel} join("\t", qw(sleutel straat nummer postcode plaats)), "\n";
for my $blok (1 .. 30) {
    for my $n (1 .. 400) {
        my $i = $blok * 400 + $n;
        my $sleutel = sprintf '%s|%d', $straten[$i % 7], ($i * 37) % 9173;
        if ($gezien{$sleutel}++) { $dubbel++; next }
        print {$tabel} join("\t", $sleutel, $straten[$i % 7], ($i * 37) % 211 + 1, 1000 + ($i * 13) % 8999, $plaatsen[$i % 6]), "\n";
        $regels++;
    }
    select undef, undef, undef, 0.15;
    print "blok $blok van 30: $regels regels, $dubbel dubbel\n" if $blok % 3 == 0;
}
print "adressen.tsv: $regels regels geschreven\n";
print "klaar\n";
# de opruimfase van de grote hash duurt in productie minuten
POSIX::_exit(0);
