# Two ways to the same graph: indexers/index-c binds calls while it reads, as a
# linker would; with --unresolved it leaves that to pt_resolve_references. Where
# C leaves no choice they must agree.
use strict;
use warnings;
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = "$FindBin::RealBin/../..";

plan skip_all => 'cscope is not installed'
  unless grep { -x "$_/cscope" } split /:/, $ENV{PATH};

my $node = PostgreSQL::Test::Cluster->new('index_c');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\njit = off\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION parseltongue');

# Index a tree into a new codebase.
sub index_into
{
	my ($codebase, $tree, @options) = @_;
	my ($script, $err) = ('', '');

	$node->safe_psql('postgres', "SELECT pt_create_codebase('$codebase')");
	IPC::Run::run([ "$top/indexers/index-c", @options, $tree ], '>', \$script, '2>', \$err);
	is($?, 0, "index-c @options $codebase") or diag $err;
	local $ENV{PGOPTIONS} = "-c search_path=$codebase,public";
	IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr('postgres') ], '<', \$script, '>', \my $out, '2>', \$err);
	is("$?|$out|$err", '0||', "$codebase is loaded");
	return;
}

# A query that must find nothing.
sub none
{
	my ($sql, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($node->safe_psql('postgres', "$sql LIMIT 10"), '', $what);
	return;
}

sub value
{
	return $node->safe_psql('postgres', shift);
}

# Call for call: what the indexer found, what the resolver did. Both have one
# edge for each name that a function calls.
my $views = <<'SQL';
CREATE SCHEMA @;
CREATE VIEW @.entity AS SELECT *, coalesce(properties ->> 'linkage', '') = 'static' AS is_static FROM @_open.pt_entity;
CREATE VIEW @.call AS
	SELECT r.from_key, pt_key_name(r.to_key) AS name, s.file_path, r.to_key AS reference_key
	FROM @_open.pt_edge r JOIN @.entity s ON s.key = r.from_key WHERE r.confidence IS NULL;
CREATE VIEW @.bound AS
	SELECT b.from_key, pt_key_name(b.to_key) AS name, b.to_key, b.source_location, t.file_path = s.file_path AS same_file
	FROM @_bound.pt_edge b JOIN @.entity s ON s.key = b.from_key LEFT JOIN @.entity t ON t.key = b.to_key;
CREATE VIEW @.guess AS
	SELECT g.*, pt_key_name(g.reference_key) AS name, t.file_path = s.file_path AS same_file, t.is_static
	FROM @_open.pt_edge g JOIN @.entity s ON s.key = g.from_key JOIN @.entity t ON t.key = g.to_key WHERE g.confidence IS NOT NULL;
SQL

# What holds for any C code.
sub check_tree
{
	my ($name, $tree) = @_;

	index_into("${name}_bound", $tree);
	index_into("${name}_open", $tree, '--unresolved');
	$node->safe_psql('postgres', $views =~ s/@/$name/gr);
	none("(TABLE ${name}_bound.pt_entity EXCEPT ALL TABLE ${name}_open.pt_entity) UNION ALL (TABLE ${name}_open.pt_entity EXCEPT ALL TABLE ${name}_bound.pt_entity)"
		  =~ s/TABLE (\w+)\.pt_entity/SELECT key, properties FROM $1.pt_entity/gr, "$name: the same entities");
	none("(SELECT from_key, name FROM $name.call EXCEPT ALL SELECT from_key, name FROM $name.bound) UNION ALL (SELECT from_key, name FROM $name.bound EXCEPT ALL SELECT from_key, name FROM $name.call)",
		"$name: the same calls");
	none("SELECT to_key FROM ${name}_open.pt_edge WHERE pt_key_kind(to_key) <> 'unresolved'", "$name: --unresolved resolves nothing");

	my ($counts) = value("SELECT reference_edges || ' ' || resolved + ambiguous || ' ' || guesses_inserted FROM pt_resolve_references('${name}_open.pt_edge')");
	note "$name: $counts references, found, guesses";
	none("(SELECT from_key, name, to_key, source_location FROM $name.bound WHERE same_file EXCEPT SELECT from_key, name, to_key, source_location FROM $name.guess WHERE method IN ('file', 'self'))",
		"$name: what is bound within a file is guessed there");
	none("(SELECT from_key, name, to_key, source_location FROM $name.guess WHERE method IN ('file', 'self') EXCEPT SELECT from_key, name, to_key, source_location FROM $name.bound WHERE same_file)",
		"$name: what is guessed within a file is bound there");
	none("SELECT * FROM $name.guess WHERE is_static AND NOT same_file", "$name: a static function is meant in its file only");
	# One definition that others can see: both take it, and are sure of it.
	my $unique = "SELECT c.from_key, c.name, max(e.key) AS to_key FROM $name.call c JOIN $name.entity e ON e.name = c.name WHERE NOT e.is_static
		AND NOT EXISTS (SELECT FROM $name.entity l WHERE l.name = c.name AND l.file_path = c.file_path) GROUP BY 1, 2 HAVING count(*) = 1";
	none("SELECT * FROM ($unique) u WHERE NOT EXISTS (SELECT FROM $name.guess g WHERE (g.from_key, g.name, g.to_key) = (u.from_key, u.name, u.to_key) AND g.confidence >= 0.75)", "$name: the one definition is guessed");
	none("SELECT * FROM ($unique) u WHERE NOT EXISTS (SELECT FROM $name.bound b WHERE (b.from_key, b.name, b.to_key) = (u.from_key, u.name, u.to_key))", "$name: the one definition is bound");
	none("SELECT * FROM ($unique) u JOIN $name.guess g USING (from_key, name) WHERE g.to_key <> u.to_key", "$name: and nothing else");
	none("SELECT * FROM $name.bound b WHERE NOT same_file AND pt_key_kind(to_key) = 'local' AND NOT EXISTS (SELECT FROM $name.guess g WHERE (g.from_key, g.name, g.to_key) = (b.from_key, b.name, b.to_key))",
		"$name: what is bound to another file is among the guesses");
	none("SELECT * FROM $name.call c WHERE EXISTS (SELECT FROM $name.guess g WHERE (g.from_key, g.name) = (c.from_key, c.name)) <>
		EXISTS (SELECT FROM $name.entity e WHERE e.name = c.name AND (e.file_path = c.file_path OR NOT e.is_static))",
		"$name: a guess where there is something to mean, and only there");
	cmp_ok(value("SELECT count(*) FROM ($unique) u"), '>', 0, "$name: there is something to compare with other files");
	cmp_ok(value("SELECT count(*) FROM $name.bound WHERE same_file"), '>', 0, "$name: and within files");
	is(value("SELECT guesses_inserted + guesses_updated + guesses_deleted FROM pt_resolve_references('${name}_open.pt_edge')"), 0, "$name: a second call writes nothing");
	none("SELECT * FROM pt_check_index('${name}_open.pt_edge_adjacency')", "$name: index and table agree");
	return;
}

# ---- this project's own source ----

check_tree('own', "$top/src");
cmp_ok(value("SELECT count(*) FROM own.call"), '>', 500, 'own: enough calls');
# What reaches a function through bound calls, reaches it through guesses.
none(q{SELECT e.key, b.key FROM own.entity e, pt_blast_radius(e.key, NULL, graph => 'own_bound.pt_edge', missing_ok => true) b
	EXCEPT SELECT e.key, b.key FROM own.entity e, pt_blast_radius(e.key, NULL, graph => 'own_open.pt_edge', missing_ok => true, min_confidence => 0) b},
	'own: the blast radius holds what the bound one does');

# ---- a small tree, by hand ----

my $tree = PostgreSQL::Test::Utils::tempdir();
mkdir "$tree/$_" or die "could not make $tree/$_: $!" foreach qw(lib app);
append_to_file("$tree/lib/list.c", <<'C');
static int init(void)
{
	return 0;
}
int list_add(int x)
{
	return init() + grow(x);
}
int grow(int x)
{
	return x > 9 ? x : grow(x + 1);
}
C
append_to_file("$tree/lib/util.h", <<'C');
#define TWICE(x) helper((x) + (x))
static inline int helper(int x)
{
	return x;
}
C
append_to_file("$tree/app/main.c", <<'C');
static int
init(void)
{
	return list_add(1) + printf("x");
}
int main(void)
{
	return init() + TWICE(list_add(2)) + report(3);
}
C
append_to_file("$tree/app/report.c", "int report(int x)\n{\n\treturn helper(x);\n}\n");
append_to_file("$tree/lib/report.c", "int report(int x)\n{\n\treturn init(x);\n}\n");
append_to_file("$tree/app/hook.c", "typedef size_type (*Hook) (int a, Other *b);\n\nint hook(int x)\n{\n\treturn x;\n}\n");
check_tree('small', $tree);
is(value(q{SELECT string_agg(pt_key_name(key), ' ') FROM small_open.pt_entity WHERE file_path = 'app/hook.c'}), 'hook', 'small: a pointer to a function is none');
is(value(q{SELECT string_agg(format('%s %s %s %s', split_part(from_key, ':', 3) || '@' || split_part(from_key, ':', 4), split_part(to_key, ':', 3) || '@' || split_part(to_key, ':', 4), confidence, method), E'\n'
		ORDER BY from_key COLLATE "C", to_key COLLATE "C") FROM small.guess}),
	join("\n",
		'grow@lib/list.c grow@lib/list.c 0.50 self',
		'init@app/main.c list_add@lib/list.c 0.98 unique',
		'list_add@lib/list.c grow@lib/list.c 0.95 file',
		'list_add@lib/list.c init@lib/list.c 0.95 file',
		'main@app/main.c init@app/main.c 0.95 file',
		'main@app/main.c list_add@lib/list.c 0.98 unique',
		'main@app/main.c report@app/report.c 0.98 folder',
		'main@app/main.c report@lib/report.c 0.02 other',
		'main@app/main.c TWICE@lib/util.h 0.98 unique',
		'report@app/report.c helper@lib/util.h 0.98 unique',
		'TWICE@lib/util.h helper@lib/util.h 0.95 file'),
	'small: each call');
is(value(q{SELECT string_agg(key, ' ' ORDER BY distance, key COLLATE "C") FROM pt_blast_radius('c:fn:grow:lib/list.c:9-12', NULL, graph => 'small_open.pt_edge', min_confidence => 0.75)}),
	'c:fn:list_add:lib/list.c:5-8 c:fn:init:app/main.c:2-5 c:fn:main:app/main.c:6-9', 'small: who depends on grow');

# ---- arguments ----

my ($out, $err) = ('', '');
IPC::Run::run([ "$top/indexers/index-c", '--unresolved' ], '>', \$out, '2>', \$err);
isnt($?, 0, 'a tree is needed');
like($err, qr/^Usage: indexers\/index-c \[--unresolved\] TREE/, 'and asked for');
IPC::Run::run([ "$top/indexers/index-c", '--unresolved', "$tree/nowhere" ], '>', \$out, '2>', \$err);
like($err, qr/no such folder/, 'one that is there');

# ---- files of other languages ----

my $mixed = PostgreSQL::Test::Utils::tempdir();
append_to_file("$mixed/$_", "int f(void) { return 0; }\n") foreach qw(a.cc b.cc c.hpp d.rs notes.txt);
IPC::Run::run([ "$top/indexers/index-c", $mixed ], '>', \$out, '2>', \$err);
isnt($?, 0, 'a tree without C');
like($err, qr/no C files .*; there are 4 files of other languages, which are not read: 2 \.cc, 1 \.hpp, 1 \.rs/, 'is told what it has');
append_to_file("$mixed/e.c", "int f(void) { return 0; }\n");
IPC::Run::run([ "$top/indexers/index-c", $mixed ], '>', \$out, '2>', \$err);
is($?, 0, 'one with some C is read');
like($err, qr/left out: 4 files of other languages, .*\n.*C\+\+ in \.h files/, 'and what is left out is said');

$node->stop;
done_testing();
