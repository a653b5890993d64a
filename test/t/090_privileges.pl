# Who may not read the table learns nothing from its graph: no row, no count,
# not even whether a key exists.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('privileges', preload => 1);
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE nobody LOGIN;
CREATE ROLE columns LOGIN;
CREATE ROLE tenant LOGIN;
CREATE ROLE owner LOGIN;
CREATE ROLE reader LOGIN;
GRANT CREATE ON SCHEMA public TO owner;
SET ROLE owner;
CREATE TABLE g (a text NOT NULL, b text NOT NULL, t text, secret int, source_location text);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
INSERT INTO g VALUES ('k1', 'k2', 'x', 0, 'f:1'), ('k2', 'k3', 'x', 0, 'f:2'), ('k3', 'hidden4', 'x', 1, 'f:3'), ('hidden4', 'k5', 'x', 0, 'f:4');
GRANT SELECT (a, b, t) ON g TO columns;
GRANT SELECT ON g TO reader, tenant;
CREATE TABLE p (a text, b text, secret bool);
CREATE INDEX p_adj ON p USING adjacency (a, b);
INSERT INTO p SELECT * FROM (SELECT a, b, secret = 1 FROM g) x;
GRANT SELECT ON p TO tenant;
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON p TO tenant USING (NOT secret);
RESET ROLE;
SELECT pt_insert_edge('e1', 'e2'), pt_insert_entity('e1'), pt_insert_entity('lonely');
SQL

my @calls = (
	"SELECT * FROM pt_bfs('%s', 'KEY'::text)",
	"SELECT * FROM pt_multi_source_bfs('%s', array['KEY'])",
	"SELECT * FROM pt_blast_radius('KEY', graph => '%s')",
	"SELECT * FROM pt_blast_radius('KEY', 0, missing_ok => true, graph => '%s')",
	"SELECT * FROM pt_blast_radius_summary('KEY', graph => '%s')",
	"SELECT * FROM pt_callers('KEY', graph => '%s')",
	"SELECT * FROM pt_callees('KEY', graph => '%s')",
	"SELECT * FROM pt_graph_status('%s')",
	"SELECT * FROM pt_prewarm('%s')",
);

# SQL as a role: (SQLSTATE, stdout, stderr).
sub as
{
	my ($role, $sql) = @_;
	return pt_psql_state($node, 'postgres', "$sql;", extra_params => [ '-U', $role ], connstr => undef) if 0;
	return pt_psql_state($node, 'postgres', "SET SESSION AUTHORIZATION $role;\n$sql;");
}

# A table without SELECT: by name of the table or of the index, for keys that
# exist and keys that do not; warm or cold image.
foreach my $warm (0, 1)
{
	foreach my $graph ('g', 'g_adj', 'p', 'p_adj', 'pt_edge', 'pt_edge_adjacency')
	{
		foreach my $call (@calls)
		{
			my %answer;
			foreach my $key ('k1', 'hidden4', 'e1', 'nonesuch')
			{
				my $sql = sprintf($call, $graph) =~ s/KEY/$key/r;
				my ($state, $out, $err) = as('nobody', $sql);
				$answer{$state}++;
				is("$state|$out", '42501|', "nobody, warm $warm: $sql") or diag $err;
				unlike($err, qr/k2|k3|e2|lonely/, "nobody is told no key");
			}
		}
	}
	$node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('g', 'k1'::text); SELECT count(*) FROM pt_bfs('p', 'k1'::text); SELECT count(*) FROM pt_blast_radius('e2')");
}
my ($state, $out, $err) = as('nobody', "SELECT pt_insert_edge('x', 'y')");
is($state, '42501', 'nobody may not write');
foreach my $role ('nobody', 'reader', 'columns', 'tenant')
{
	($state, $out, $err) = as($role, "SELECT * FROM pt_check_index('g_adj')");
	is("$state|$out", '42501|', "$role may not check the index");
}
($state) = as('owner', "SELECT * FROM pt_check_index('g_adj')");
is($state, '', 'its owner may');

# Column grants are enough where no other column is shown.
($state, $out, $err) = as('columns', "SELECT count(*) FROM pt_bfs('g', 'k1'::text)");
is("$state|$out", '|5', 'SELECT on the columns used is enough for a walk') or diag $err;
($state, $out, $err) = as('columns', "SELECT count(*) FROM pt_blast_radius('k5', NULL, graph => 'g')");
is("$state|$out", '|4', 'and for a blast radius') or diag $err;
($state, $out, $err) = as('columns', "SELECT source_location FROM pt_callers('k2', graph => 'g')");
unlike($out, qr/f:1/, 'a column without a grant is not shown');
note "callers with column grants: $state";
($state, $out, $err) = as('columns', "SELECT secret FROM g");
is($state, '42501', 'for comparison: plain SQL');

# Row-level security: exactly the rows the policy shows, or a refusal; never
# hidden4, nor what lies behind it, nor a count that includes it.
my %may = (
	"SELECT string_agg(node, ' ' ORDER BY distance) FROM pt_bfs('p', 'k1'::text)" => 'k1 k2 k3',
	"SELECT sum(entities) FROM pt_blast_radius_summary('k1', NULL, 'out', graph => 'p')" => '2',
	"SELECT string_agg(key, ' ' ORDER BY distance) FROM pt_blast_radius('k5', NULL, graph => 'p')" => 'hidden4',
	"SELECT count(*) FROM pt_callees('k3', graph => 'p')" => '0',
	"SELECT count(*) FROM pt_callers('hidden4', graph => 'p')" => '0',
	"SELECT count(*) FROM pt_bfs('p_adj', 'k3'::text, direction => 'out')" => '1',
);
foreach my $sql (sort keys %may)
{
	($state, $out, $err) = as('tenant', $sql);
	if ($state eq '')
	{
		is($out, $may{$sql}, "under a policy: $sql");
	}
	else
	{
		like($state, qr/^(?:42501|0A000)$/, "under a policy: $sql is refused");
		like($err, qr/HINT/, 'with a hint');
		unlike($err, qr/hidden4/, 'without a leak');
	}
	note "$sql: $state";
}
($state, $out, $err) = as('tenant', "SELECT edges FROM pt_graph_status('p')");
ok($state eq '' && $out =~ /^\s*$/, 'status counts nothing under a policy') or diag "$state $out $err";
# A key known only by a hidden row is unknown, and not offered in a hint.
$node->safe_psql('postgres', "INSERT INTO p VALUES ('hush1', 'hush2', true)");
foreach my $sql ("SELECT * FROM pt_bfs('p', 'hush1'::text)", "SELECT * FROM pt_blast_radius('hush', graph => 'p')", "SELECT * FROM pt_callers('hush2', graph => 'p')")
{
	($state, $out, $err) = as('tenant', $sql);
	like($state, qr/^(?:42704|42501|0A000)$/, "a hidden key is unknown: $sql") or diag $err;
	(my $told = $err) =~ s/^.*(?:LINE|STATEMENT|QUERY).*$//mg;
	$told =~ s/"hush\d?"//;
	unlike($told, qr/hush\d/, 'and not told in a hint');
}
# The same session turning into another role sees by that role.
($state, $out, $err) = as('owner', "SELECT count(*) FROM pt_bfs('p', 'k1'::text)");
is("$state|$out", '|5', 'the owner is not under the policy');
($state, $out) = pt_psql_state($node, 'postgres', "SELECT count(*) FROM pt_bfs('p', 'k1'::text); SET ROLE tenant; SELECT 1 / (3 - count(*)) FROM pt_bfs('p', 'k1'::text);");
isnt($state, '', 'a warm image does not help another role') if $out !~ /^5\n/ || $state ne '';
unlike($out, qr/^5\n(?!.*\z)/, 'role switch');
$node->safe_psql('postgres', 'ALTER TABLE p FORCE ROW LEVEL SECURITY');
($state, $out, $err) = as('owner', "SELECT count(*) FROM pt_bfs('p', 'k1'::text, missing_ok => true) WHERE distance > 0");
ok($state ne '' || $out eq '0', 'FORCE ROW LEVEL SECURITY binds the owner') or diag "$state $out";
# Inside a SECURITY DEFINER function the definer counts.
$node->safe_psql('postgres', "CREATE FUNCTION definer() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS \$\$ SELECT count(*) FROM pt_bfs('g', 'k1'::text) \$\$");
($state, $out, $err) = as('nobody', 'SELECT definer()');
is("$state|$out", '|5', 'SECURITY DEFINER') or diag $err;

# The entity table has grants of its own.
$node->safe_psql('postgres', 'GRANT SELECT ON pt_edge TO reader');
($state, $out, $err) = as('reader', "SELECT * FROM pt_blast_radius('e2')");
is("$state|$out", '|e1|1|t', 'SELECT on pt_edge alone is enough for its keys') or diag $err;
($state, $out, $err) = as('reader', "SELECT * FROM pt_blast_radius('lonely')");
like($state, qr/^(?:42704|42501)$/, 'an entity one may not read is unknown');
($state, $out, $err) = as('reader', "SELECT * FROM pt_blast_radius('lonel')");
unlike($err, qr/lonely/, 'and not offered as a similar key');
$node->safe_psql('postgres', 'GRANT SELECT ON pt_entity TO reader');
($state, $out, $err) = as('reader', "SELECT * FROM pt_blast_radius('lonely')");
is("$state|$out", '|', 'with the grant it is known, without dependents') or diag $err;
$node->safe_psql('postgres', 'ALTER TABLE pt_entity ENABLE ROW LEVEL SECURITY');
($state, $out, $err) = as('reader', "SELECT * FROM pt_blast_radius('lonely')");
like($state, qr/^(?:42704|42501|0A000)$/, 'under a policy that hides it, it is unknown again') or diag $err;

# Who may create in a database may create the extension in it: what is executed is a
# superuser's, what is filled is his, and others have no right to it.
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE landlord LOGIN;
CREATE DATABASE estate OWNER landlord TEMPLATE template0;
CREATE DATABASE other OWNER landlord TEMPLATE template0;
SQL
sub landlord
{
	my ($db, $sql) = @_;
	return pt_psql_state($node, $db, "SET SESSION AUTHORIZATION landlord;\n$sql;");
}
($state, $out, $err) = landlord('estate', "CREATE EXTENSION parseltongue VERSION '0.1.0'");
is($state, '42501', 'an earlier version is a superuser\'s to create');
($state, $out, $err) = landlord('estate', 'CREATE EXTENSION parseltongue');
is($state, '', 'this version is not') or diag $err;
is($node->safe_psql('estate', <<'SQL'), "landlord\npt_edge pt_entity pt_import_id pt_import_rejection pt_left_out pt_pending\nf", 'he owns the extension and its tables, and nothing else of it');
SELECT extowner::regrole FROM pg_extension WHERE extname = 'parseltongue';
SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e' WHERE relowner = 'landlord'::regrole;
SELECT EXISTS (SELECT FROM pg_shdepend AS s JOIN pg_depend AS d USING (classid, objid) WHERE s.refobjid = 'landlord'::regrole AND s.deptype = 'o' AND d.deptype = 'e' AND d.classid <> 'pg_class'::regclass
	AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()));
SQL
($state, $out, $err) = landlord('estate', <<'SQL');
SELECT pt_insert_entity('c:fn:a:a.c:1-2', 'function'), pt_insert_edge('c:fn:b:b.c:1-2', 'c:fn:a:a.c:1-2');
SELECT key FROM pt_blast_radius('c:fn:a:a.c:1-2');
SELECT key FROM pt_search('a', 1);
SELECT edges_inserted, edges_rejected FROM pt_import('[{"from_key": "c:fn:c:c.c:1-2", "to_key": "c:fn:b:b.c:1-2"}, {"from_key": 5, "to_key": "x"}]');
SELECT guesses_inserted FROM pt_resolve_references();
SELECT pt_create_codebase('his');
SELECT count(*) FROM pt_enable_updates('his.pt_edge');
DELETE FROM pt_import_rejection
SQL
is("$state|$out", "|t|t\nc:fn:b:b.c:1-2\nc:fn:a:a.c:1-2\n1|1\n0\nhis.pt_edge\n11", 'and can do what it is for') or diag $err;
($state, $out, $err) = pt_psql_state($node, 'estate', "SET SESSION AUTHORIZATION nobody;\nSELECT * FROM pt_callers('c:fn:a:a.c:1-2');");
is($state, '42501', 'others cannot read his tables');
($state, $out, $err) = landlord('estate', 'SELECT * FROM pt_images()');
is($state, '42501', 'nor he what all databases have in memory');
# what he dumps he can restore
my $dump = PostgreSQL::Test::Utils::tempdir() . '/estate.sql';
command_ok([ 'pg_dump', '-U', 'landlord', '-f', $dump, '-d', $node->connstr('estate') ], 'he dumps it');
command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-U', 'landlord', '-f', $dump, '-d', $node->connstr('other') ], 'and restores it');
($state, $out, $err) = landlord('other', "SELECT key FROM pt_blast_radius('c:fn:a:a.c:1-2'); SELECT count(*) FROM his.pt_edge");
is("$state|$out", "|c:fn:b:b.c:1-2\nc:fn:c:c.c:1-2\n0", 'with what was in it') or diag $err;
($state, $out, $err) = landlord('estate', "SELECT pt_drop_codebase('his'); DROP EXTENSION parseltongue");
is($state, '', 'he drops it') or diag $err;
# What the script makes as a superuser and gives to him, he could not make elsewhere.
$node->safe_psql('estate', 'CREATE SCHEMA closed');
($state, $out, $err) = landlord('estate', 'CREATE EXTENSION parseltongue SCHEMA closed');
is($state, '42501', 'not where he may not create tables');
like($err, qr/permission denied for schema closed/, 'which is told');
$node->safe_psql('estate', <<'SQL');
CREATE ROLE "Land Lord.2";
CREATE SCHEMA "Open House";
GRANT CREATE ON DATABASE estate TO "Land Lord.2";
GRANT ALL ON SCHEMA "Open House" TO "Land Lord.2";
SQL
($state, $out, $err) = pt_psql_state($node, 'estate', qq{SET SESSION AUTHORIZATION "Land Lord.2";\nCREATE EXTENSION parseltongue SCHEMA "Open House"; SELECT tableowner FROM pg_tables WHERE tablename = 'pt_edge'; DROP EXTENSION parseltongue;});
is("$state|$out", '|Land Lord.2', 'where he may, whatever their names') or diag $err;
# Where he came to own an earlier version, he owns its functions, and may add others.
$node->safe_psql('estate', <<'SQL');
CREATE ROLE former SUPERUSER;
SET SESSION AUTHORIZATION former;
CREATE EXTENSION parseltongue VERSION '0.1.0';
RESET SESSION AUTHORIZATION;
REASSIGN OWNED BY former TO landlord;
SQL
($state, $out, $err) = landlord('estate', <<'SQL');
CREATE FUNCTION pt_search_own(text) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
ALTER EXTENSION parseltongue ADD FUNCTION pt_search_own(text);
ALTER EXTENSION parseltongue UPDATE
SQL
is($state, '42501', 'he does not update it from a version that was not trusted') or diag $err;
like($err, qr/must be superuser to update/, 'which is told');
$node->safe_psql('estate', 'DROP EXTENSION parseltongue CASCADE');
$node->stop;
done_testing();
