# The README's SQL, run in order as a reader would, and the answers it shows.
use strict;
use warnings;
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $readme = slurp_file("$FindBin::RealBin/../../README.md");

my $node = PostgreSQL::Test::Cluster->new('readme');
$node->init;
$node->start;

# one example reads a file
my $folder = PostgreSQL::Test::Utils::tempdir();
append_to_file("$folder/all_entities.json", '{"data": {"entities": [{"key": "c:fn:f:src/f.c:1-2", "entity_type": "function"}]}}');
chdir $folder or die "could not enter $folder: $!";

# A block of SQL, and the block behind it if that shows its last answer.
my $blocks = 0;
my $answers = 0;
while ($readme =~ /^```sql\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?/msg)
{
	my ($sql, $answer) = ($1, $2);
	my ($rc, $out, $err) = (0, '', '');
	my ($title) = $sql =~ /([^\n]*)\n*\z/;

	IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-P', 'footer=off', '-d', $node->connstr('postgres') ],
		'<', \$sql, '>', \$out, '2>', \$err);
	is($?, 0, "runs: $title") or diag $err;
	is($err, '', "without a warning: $title");
	$blocks++;
	next unless defined $answer;
	s/\s+$//mg foreach $out, $answer;
	$out =~ s/\s+\z//;
	$answer =~ s/\s+\z//;
	is(substr($out, -length $answer), $answer, "as shown: $title");
	$answers++;
}
cmp_ok($blocks, '>=', 6, "$blocks examples were found");
cmp_ok($answers, '>=', 2, "$answers of them with their answers");
chdir $FindBin::RealBin;
$node->stop;
done_testing();
