# The SQL of README.md and docs/*.md, run in order as a reader would, and the
# answers shown there. Each file has a database of its own.
use strict;
use warnings;
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = "$FindBin::RealBin/../..";

my $node = PostgreSQL::Test::Cluster->new('readme');
$node->init;
$node->append_conf('postgresql.conf', "autovacuum = off\n");
$node->start;

# some examples read a file
my $folder = PostgreSQL::Test::Utils::tempdir();
append_to_file("$folder/all_entities.json", '{"data": {"entities": [{"key": "c:fn:f:src/f.c:1-2", "entity_type": "function"}]}}');
chdir $folder or die "could not enter $folder: $!";

sub trimmed
{
	my ($text) = @_;
	$text =~ s/\s+$//mg;
	return $text =~ s/\s+\z//r;
}

# Runs the blocks of SQL of a file, each with the block behind it if that shows
# its last answer. Returns how many there were of each.
sub run_file
{
	my ($file, $database) = @_;
	my $text = slurp_file("$top/$file");
	my ($blocks, $answers) = (0, 0);

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	# README.md shows how; who reads on has done it
	$node->safe_psql($database, 'CREATE EXTENSION parseltongue') unless $text =~ /^CREATE EXTENSION parseltongue;/m;
	while ($text =~ /^```sql\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?/msg)
	{
		my ($sql, $answer) = ($1, $2);
		my ($out, $err) = ('', '');
		my ($title) = $sql =~ /([^\n]*)\n*\z/;
		$title = "$file: $title";

		IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-P', 'footer=off', '-d', $node->connstr($database) ],
			'<', \$sql, '>', \$out, '2>', \$err);
		is($?, 0, "runs: $title") or diag $err;
		is($err, '', "without a warning: $title");
		$blocks++;
		next unless defined $answer;
		($out, $answer) = map { trimmed($_) } $out, $answer;
		is(substr($out, -length $answer), $answer, "as shown: $title");
		$answers++;
	}
	return ($blocks, $answers);
}

my ($blocks, $answers) = run_file('README.md', 'readme');
cmp_ok($blocks, '>=', 6, "$blocks examples were found in README.md");
cmp_ok($answers, '>=', 2, "$answers of them with their answers");

my @docs = map { m{([^/]+)\.md$} } sort glob "'$top/docs/*.md'";
cmp_ok(scalar @docs, '>=', 6, 'there are documents');
my ($all_blocks, $all_answers) = (0, 0);
for my $name (@docs)
{
	($blocks, $answers) = run_file("docs/$name.md", "docs_$name");
	$all_blocks += $blocks;
	$all_answers += $answers;
}
cmp_ok($all_blocks, '>=', 10, "$all_blocks examples were found in docs");
cmp_ok($all_answers, '>=', 5, "$all_answers of them with their answers");

chdir $FindBin::RealBin;
$node->stop;
done_testing();
