# The server for agents (clients/mcp), asked through its SDK's own client.
# $PT_MCP is a copy of it with the packages that it needs; skipped without.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PtTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $mcp = $ENV{PT_MCP} // '';
plan skip_all => 'the server for agents is not there' unless $mcp ne '' && -d "$mcp/node_modules";

my $node = pt_node('mcp');
$node->safe_psql('postgres', slurp_file("$mcp/test/mcp.sql"));
local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'postgres', PGUSER => scalar getpwuid($<), HOME => $node->basedir);

my ($out, $err) = ('', '');
IPC::Run::run([ 'node', '--test', '--test-reporter=tap', "$mcp/test/client.js" ], '>', \$out, '2>', \$err, IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
my $count = 0;
while ($out =~ /^(\s*)(not )?ok \d+ - (.*)$/mg)
{
	next if $3 =~ /client\.js$/;
	ok(!defined $2, $3);
	$count++;
}
cmp_ok($count, '>=', 8, 'the tests of the server ran');
diag $out, $err if !Test::More->builder->is_passing;

$node->stop;
done_testing();
