# The functions of the extension as GraphQL, by PostGraphile: as docs/agents.md has it,
# and all of them, none of whose names may be in the way of another. $PT_POSTGRAPHILE
# is a copy of test/postgraphile with the packages that it needs; skipped without.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $folder = $ENV{PT_POSTGRAPHILE} // '';
plan skip_all => 'PostGraphile is not there' unless $folder ne '' && -d "$folder/node_modules";

my $node = pt_node('postgraphile');
my $top = "$FindBin::RealBin/../..";
$node->safe_psql('postgres', slurp_file("$top/clients/mcp/test/mcp.sql"));
my ($schema) = slurp_file("$top/docs/agents.md") =~ /^(CREATE SCHEMA api;.*?)^SELECT/ms;
ok(defined $schema, 'docs/agents.md has a schema of functions');
$node->safe_psql('postgres', $schema);
local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'postgres', PGUSER => scalar getpwuid($<), HOME => $node->basedir);

my ($out, $err) = ('', '');
IPC::Run::run([ 'node', "$folder/ask.js" ], '>', \$out, '2>', \$err, IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
my $count = 0;
while ($out =~ /^(not )?ok \d+ - (.*)$/mg)
{
	ok(!defined $1, $2);
	$count++;
}
cmp_ok($count, '>=', 15, 'the questions were asked');
diag $out, $err if !Test::More->builder->is_passing;

$node->stop;
done_testing();
