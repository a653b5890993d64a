# The extension in a schema where others may create, called by a superuser whose
# search_path leads through their schemas: operators, functions and types planted
# there are never called, neither by what is stored nor by what is run, however
# well their types fit. Tables that are planted beside somebody's edges are neither
# read nor written.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $src = "$FindBin::RealBin/../../src";

my $node = pt_node('hostile', preload => 1);
$node->safe_psql('postgres', 'CREATE DATABASE hostile TEMPLATE template0');

# Every function that the sources call may be one that somebody plants.
my %called;
foreach my $file (glob("$src/script/*.sql $src/function/*.c $src/code/*.c"))
{
	my $text = slurp_file($file);
	$called{$_} = 1 foreach $text =~ /\b([a-z][a-z0-9_]*)\(/g;
}
my $names = join(',', sort keys %called);
ok(scalar(keys %called) > 100, 'the sources call functions');

# Planted functions count how often they are called, where no rollback reaches.
$node->safe_psql('hostile', <<'SQL');
CREATE ROLE planter;
CREATE SCHEMA plant;
CREATE SEQUENCE plant.caught;
GRANT USAGE ON SCHEMA plant TO PUBLIC;
GRANT ALL ON SEQUENCE plant.caught TO PUBLIC;
CREATE SCHEMA apps;
CREATE SCHEMA evil;
CREATE SCHEMA trigrams;
CREATE EXTENSION pg_trgm SCHEMA trigrams;
GRANT ALL ON SCHEMA apps, evil, trigrams TO planter, PUBLIC;

CREATE FUNCTION plant.make(command text) RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	EXECUTE command;
	RETURN 1;
EXCEPTION WHEN OTHERS THEN
	RETURN 0;
END $$;
CREATE FUNCTION plant.body(name text) RETURNS text LANGUAGE sql SET search_path = pg_catalog AS $$
	SELECT format('LANGUAGE plpgsql IMMUTABLE AS %L',
		format('BEGIN PERFORM pg_catalog.nextval(''plant.caught''); RAISE WARNING ''planted: %%'', %L; RETURN NULL; END', name)) $$;

-- For each operator and pair of types one that fits exactly.
CREATE FUNCTION plant.operators(place text) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
	types CONSTANT text[] := '{text,varchar,name,smallint,integer,bigint,numeric,float8,boolean,jsonb,"text[]",regclass,oid,anyelement}';
BEGIN
	PERFORM plant.make(format('CREATE FUNCTION %I.planted_%s(%s, %s) RETURNS %s %s', place, result, l, r, result, plant.body(format('operator of %s and %s', l, r))))
	FROM unnest(types) AS l, unnest(types) AS r, unnest('{boolean,text,jsonb}'::text[]) AS result;
	RETURN (
		SELECT sum(plant.make(format('CREATE OPERATOR %I.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = %I.planted_%s)', place, o, l, r, place,
			CASE WHEN o IN ('->', '#>', '#-') THEN 'jsonb' WHEN o IN ('||', '+', '-', '*', '/', '%', '->>', '#>>') THEN 'text' ELSE 'boolean' END)))
		FROM unnest(types) AS l, unnest(types) AS r,
			unnest('{=,<>,<,>,<=,>=,||,+,-,*,/,%,~,!~,~~,!~~,@>,<@,&&,->,->>,#>,#>>,#-,?,?|,?&}'::text[]) AS o);
END $$;

-- For each function of another schema the same one, and such with types that
-- may fit better.
CREATE FUNCTION plant.functions(place text, of_schema text, names text[]) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	RETURN (
		SELECT sum(plant.make(format('CREATE FUNCTION %I.%I(%s) RETURNS %s %s', place, proname, variant,
			CASE WHEN proretset THEN 'SETOF ' ELSE '' END || CASE WHEN prorettype::regtype::text ~ '^any|internal|record' THEN 'text' ELSE prorettype::regtype::text END,
			plant.body(format('%s(%s)', proname, variant)))))
		FROM pg_proc
			CROSS JOIN (VALUES ('', ''), ('text', 'varchar'), ('text', 'name'), ('integer', 'bigint'), ('integer', 'smallint'), ('bigint', 'integer'),
						('numeric', 'integer'), ('regclass', 'oid'), ('"any"', 'text'), ('"any"', 'jsonb'), ('"any"', 'integer')) AS v (old, new),
			LATERAL (SELECT string_agg(CASE WHEN t = v.old THEN v.new WHEN t = v.old || '[]' THEN v.new || '[]'
											WHEN t IN ('anyarray', 'anycompatiblearray') AND v.new = 'text' THEN 'text[]'
											WHEN t ~ '^any' AND v.new = 'text' THEN 'text' ELSE t END, ', ' ORDER BY n) AS variant
					 FROM unnest(proargtypes::oid[]) WITH ORDINALITY AS a (type, n), format_type(type, NULL) AS t) AS w
		WHERE pronamespace = of_schema::regnamespace AND proname = ANY (names) AND prokind IN ('f', 'a')
			AND NOT 'internal'::regtype = ANY (proargtypes::oid[]));
END $$;

-- Domains that run a function when a value becomes one.
CREATE FUNCTION plant.types(place text) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	RETURN (
		SELECT sum(plant.make(format('CREATE FUNCTION %I.planted_check(%s) RETURNS boolean %s', place, t, plant.body('type ' || t)))
				 + plant.make(format('CREATE DOMAIN %1$I.%2$s AS pg_catalog.%2$s CHECK (%1$I.planted_check(VALUE))', place, t)))
		FROM unnest('{text,jsonb,regclass,oid,name,uuid,tid}'::text[]) AS t);
END $$;
SQL

my $planted = $node->safe_psql('hostile', <<"SQL");
SET ROLE planter;
SELECT plant.operators(s) + plant.functions(s, 'pg_catalog', '{$names}') + plant.types(s) FROM unnest('{apps,evil}'::text[]) AS s;
SELECT plant.functions('trigrams', 'trigrams', '{similarity,show_trgm}') + plant.operators('trigrams');
SQL
my @planted = split /\n/, $planted;
ok($planted[0] > 5000 && $planted[1] > 5000 && $planted[2] > 1000, "a schema is full of planted objects") or diag $planted;

# That they would be called, if something let them.
$node->psql('hostile', q{SET search_path = evil, pg_catalog; SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text; SELECT lower('A'::pg_catalog.text); SELECT 'a'::text});
is($node->safe_psql('hostile', 'SELECT last_value FROM plant.caught'), 3, 'a planted operator, function and type are called by who looks for them');
$node->safe_psql('hostile', q{SELECT setval('plant.caught', 1, false)});

# Functions of names that the extension makes more signatures of.
$node->safe_psql('hostile', <<'SQL');
SET ROLE planter;
CREATE FUNCTION apps.pt_tree(key text, more oid) RETURNS oid LANGUAGE sql SECURITY DEFINER AS 'SELECT more';
CREATE FUNCTION apps.pt_bfs(graph regclass, start text, more oid) RETURNS oid LANGUAGE sql SECURITY DEFINER AS 'SELECT more';
CREATE FUNCTION apps.pt_insert_edges(edges jsonb, more oid) RETURNS oid LANGUAGE sql SECURITY DEFINER AS 'SELECT more';

SQL
# The script runs as a superuser where somebody else creates the extension: it calls
# nothing planted, or that would have his rights.
$node->safe_psql('hostile', <<'SQL');
CREATE ROLE plain;
GRANT CREATE ON DATABASE hostile TO plain;
SET SESSION AUTHORIZATION plain;
BEGIN;
CREATE EXTENSION parseltongue SCHEMA apps;
ROLLBACK;
SQL
is($node->safe_psql('hostile', 'SELECT is_called FROM plant.caught'), 'f', 'nothing planted is called where the extension is created by somebody who is no superuser');
$node->safe_psql('hostile', 'CREATE EXTENSION parseltongue SCHEMA apps; CREATE VIEW apps.seen AS SELECT from_key, to_key, edge_type, confidence FROM apps.pt_edge');
$node->safe_psql('hostile', <<"SQL");
SET ROLE planter;
SELECT plant.functions(s, 'apps', ARRAY(SELECT proname FROM pg_proc WHERE pronamespace = 'apps'::regnamespace AND proname LIKE 'pt\\_%')) FROM unnest('{apps,evil}'::text[]) AS s;
CREATE TABLE evil.pt_edge (from_key text, to_key text);
CREATE TABLE evil.pt_entity (key text);
SQL

is($node->safe_psql('hostile', "SELECT count(*) FROM pg_proc WHERE pronamespace = 'apps'::regnamespace AND proname LIKE 'pt\\_%' AND 'oid'::regtype = ANY (proargtypes::oid[]) AND proowner <> 'planter'::regrole"),
	'0', 'nothing planted is made anew as the extension owner\'s');
$node->safe_psql('hostile', 'DROP FUNCTION apps.pt_tree(text, oid), apps.pt_bfs(regclass, text, oid), apps.pt_insert_edges(jsonb, oid)');

# ---------------------------------------------------------------------------
# What is stored: constraints, defaults, indexes, rules, policies, bodies of
# functions, opclasses, ... of what belongs to the extension depend on nothing but
# the extension and the server. (What the server came with is pinned: it has no
# rows in pg_depend.)
# ---------------------------------------------------------------------------

my $foreign = <<'SQL';
WITH RECURSIVE own (classid, objid) AS (
	SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid
	WHERE d.refclassid = 'pg_extension'::regclass AND x.extname = 'parseltongue' AND d.deptype = 'e'
	UNION
	SELECT d.classid, d.objid FROM own JOIN pg_depend AS d ON d.refclassid = own.classid AND d.refobjid = own.objid
	WHERE d.deptype IN ('a', 'i', 'P', 'S')
)
SELECT pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses ' || pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
FROM own JOIN pg_depend AS d USING (classid, objid)
WHERE d.refclassid IN ('pg_operator'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_collation'::regclass, 'pg_opclass'::regclass,
					   'pg_opfamily'::regclass, 'pg_cast'::regclass)
	AND NOT EXISTS (SELECT FROM own AS o WHERE o.classid = d.refclassid AND o.objid = d.refobjid)
ORDER BY 1
SQL
is($node->safe_psql('hostile', $foreign), '', 'what is stored uses nothing but the extension and the server');
# that the question finds such a thing
is($node->safe_psql('hostile', "BEGIN; CREATE TABLE apps.probe (a numeric); ALTER TABLE apps.probe ADD CONSTRAINT probe CHECK (a OPERATOR(apps.>) 0);"
	. " ALTER EXTENSION parseltongue ADD TABLE apps.probe; $foreign; ROLLBACK"),
	'constraint probe on table apps.probe uses operator apps.>(numeric,integer)', 'and a planted operator would be found');

# A function in SQL or PL/pgSQL has a search_path of its own, or was parsed when
# it was made; of the others each is called below.
is($node->safe_psql('hostile', <<'SQL'), 'pt_class_fits pt_parse_json pt_search_literal', 'functions without a search_path of their own');
SELECT string_agg(proname, ' ' ORDER BY proname COLLATE "C")
FROM pg_proc JOIN pg_language AS l ON l.oid = prolang JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = pg_proc.oid AND d.deptype = 'e'
	JOIN pg_extension AS x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid AND extname = 'parseltongue'
WHERE lanname IN ('sql', 'plpgsql') AND prosqlbody IS NULL
	AND NOT EXISTS (SELECT FROM unnest(proconfig) AS c WHERE c = 'search_path=pg_catalog, pg_temp')
SQL
is($node->safe_psql('hostile', <<'SQL'), '', 'and no function has another one, or runs with its owner\'s rights');
SELECT proname FROM pg_proc, unnest(proconfig) AS c WHERE pronamespace IN ('apps'::regnamespace, '_parseltongue'::regnamespace) AND proname LIKE 'pt\_%' AND c ~ '^search_path=' AND c <> 'search_path=pg_catalog, pg_temp'
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace IN ('apps'::regnamespace, '_parseltongue'::regnamespace) AND proname LIKE 'pt\_%' AND prosecdef
SQL
is($node->safe_psql('hostile', <<'SQL'), 't', 'tables belong to the owner of the extension');
SELECT bool_and(relowner = extowner) FROM pg_extension AS x JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND refobjid = x.oid AND deptype = 'e'
	JOIN pg_class ON classid = 'pg_class'::regclass AND objid = pg_class.oid WHERE extname = 'parseltongue'
SQL

# ---------------------------------------------------------------------------
# What is run: every function, twice, for plans of a later call.
# ---------------------------------------------------------------------------

my ($text, $jsonb, $numeric, $float8, $regclass, $bigint) = map { "pg_catalog.$_" } qw(text jsonb numeric float8 regclass int8);
sub t { return "'$_[0]'::$text" }
sub ts { return "'$_[0]'::$text\[]" }
my $null = "NULL::$text";
my $edge = "'apps.pt_edge'::$regclass";
my $code = "'code.pt_edge'::$regclass";
my $entity = "'apps.pt_entity'::$regclass";
my ($a, $b, $u) = ('rust:fn:alpha:src_a_rs:1-9', 'rust:fn:beta:src_b_rs:1-9', 'rust:fn:beta:unknown:0-0');
my $part = "ROW('entity', false, true, '{}', NULL, NULL)::apps.pt_import_part";
my $doomed = "ROW('entity', true, false, '{}', '{ISGL1_key}', NULL)::apps.pt_import_part";
my $edges = "ROW('edge', false, true, '{}', NULL, '{}')::apps.pt_import_part";
my $doomed_edges = "ROW('edge', true, false, '{}', '{from_key,to_key}', NULL)::apps.pt_import_part";
my $job = "ROW(pg_catalog.nextval('apps.pt_import_id'::$regclass), 'apps.pt_entity', 'apps.pt_edge', false, '/src/', 'Uses', true)::apps.pt_import_job";
my $counts = "ROW(1, 2, 3, 4, 5, 6, '{}')::apps.pt_import_counts";
my $document = qq('[{"key": "$a", "file_path": "./src/a.rs", "x": 1, "entity_type": "function", "forward_deps": ["$b"]}, {"from_key": "$a", "to_key": "$u", "source_location": "./a:1"}, {"key": 7}]'::$jsonb);
my $relations = qq('{"CodeGraph": {"headers": ["ISGL1_key", "Current_Code", "current_ind"], "rows": [["$b", "fn beta", false], [1]]}, "-DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [["x", "y"], [1, 2]]}, "-CodeGraph": {"headers": ["ISGL1_key"], "rows": [["z"]]}}'::$jsonb);
my @calls = (
	# tables
	qq(INSERT INTO apps.pt_entity (key, name, line_start) VALUES (${\t($a)}, ${\t('alpha')}, 1) ON CONFLICT DO NOTHING),
	qq(INSERT INTO apps.pt_edge (from_key, to_key, confidence) VALUES (${\t($a)}, ${\t($b)}, 0.5::$numeric) ON CONFLICT DO NOTHING),
	qq(UPDATE apps.pt_edge SET confidence = 0.75::$numeric),
	qq(DELETE FROM apps.pt_edge), qq(DELETE FROM apps.pt_entity),
	# writing
	"apps.pt_insert_entity(${\t($a)}, ${\t('function')}, ${\t('alpha')}, properties => '{}'::$jsonb)",
	"apps.pt_insert_entity(${\t($b)}, ${\t('function')})",
	qq(apps.pt_insert_entities('[{"key": "$a", "line_start": 1, "x": 2}, {"key": "$a", "line_end": 9}, {"key": "test", "entity_class": "TEST"}]'::$jsonb)),
	"apps.pt_insert_edge(${\t($a)}, ${\t($b)})",
	"apps.pt_insert_edge(${\t($a)}, ${\t($u)})",
	"apps.pt_insert_edge(${\t('test')}, ${\t($b)})",
	qq(apps.pt_insert_edges('[{"from_key": "$a", "to_key": "$b", "source_location": "a:1"}, {"from_key": "$a", "to_key": "$b"}]'::$jsonb)),
	"apps.pt_delete_entity(${\t('gone')}, true)", "apps.pt_delete_entity(${\t('gone')})",
	"apps.pt_import($document)", "apps.pt_import($relations, ${\t('/src')})",
	'BEGIN', "apps.pt_import_stage()",
	qq(INSERT INTO pg_temp.pt_import_stage (section, position, content) VALUES (1, 0, '{"key": "$a", "forward_deps": ["$b"]}'), (1, 1, '{"key": 7}'), (1, 2, '{"key": "\\u0000"}'), (1, 3, '{"from_key": "$a", "to_key": "$u"}')),
	"apps.pt_import_staged('[1]'::$jsonb, ${\t('/src')}, ${\t('Uses')}, true, $edge)",
	'COMMIT',
	'BEGIN', "apps.pt_import_stage()",
	q(INSERT INTO pg_temp.pt_import_stage (section, position, element) VALUES (3, 0, '{"symbol": "", "file_path": "/src/i", "name": "i", "language": "rust", "entity_type": "file"}'), (3, 1, '{"symbol": "f().", "file_path": "/src/i", "name": "f", "language": "rust", "entity_type": "function", "line": 1, "line_start": 1, "line_end": 2}'), (3, 2, '{"symbol": "g().", "file_path": "/src/i", "name": "g", "language": "rust", "entity_type": "function", "line": 3, "line_start": 3, "line_end": 4}'), (4, 0, '{"from": "f().", "from_line": 1, "to": "g().", "file_path": "/src/i", "role": "reference", "line": 2}'), (4, 1, '{"to": "x#", "file_path": "/src/i", "role": "implementation", "line": 2, "language": "rust", "key_type": "type", "name": "x", "package": "y", "class": "type"}')),
	"apps.pt_import_index_staged(${\t('scip')}, ${\t('/src')}, ${\t('p')}, $edge)",
	'COMMIT',
	'BEGIN', "apps.pt_import_stage()", "apps.pt_keep_facts(${\ts('{p/i}')}, $edge, 'apps.pt_entity'::$regclass)", "apps.pt_rename_entities(${\ts('{none}')}, ${\ts('{nobody}')}, $edge, 'apps.pt_entity'::$regclass)",
	"apps.pt_index_symbols(${\t('mine')}, $null, $null, 'apps.pt_entity'::$regclass)", "apps.pt_index_edges(${\t('mine')}, $null, $null, $edge, 'apps.pt_entity'::$regclass)",
	"apps.pt_index_forget(${\t('mine')}, $edge, 'apps.pt_entity'::$regclass)", "apps.pt_index_stage(${\t('mine')})",
	'COMMIT',
	"apps.pt_confirmed_query(${\t('facts')}, ${\t('inner')}, ${\t('edges')})", "apps.pt_inner_query(${\t('true')}, ${\t('files')}, ${\t('edges')}, ${\t('entities')})",
	"apps.pt_confirm_facts(${\ts('{p/i}')}, $edge, 'apps.pt_entity'::$regclass)",
	"apps.pt_same_definition_query(${\t('symbols')}, ${\t('entities')})",
	"apps.pt_settled_references($edge, 'apps.pt_entity'::$regclass)", "apps.pt_fact_name(${\t($a)})",
	qq(apps.pt_replace_file(${\t('p/i')}, '{"entities": [{"key": "rust:file:p/i:1-1", "entity_type": "file", "properties": {"content_hash": "h"}}, {"key": "rust:fn:f:p/i:1-3", "entity_type": "function", "line_start": 1, "line_end": 3}], "edges": [{"from_key": "rust:fn:f:p/i:1-3", "to_key": "rust:fn:g:unresolved-reference:0-0"}]}'::$jsonb)),
	'BEGIN', "apps.pt_import_stage()", "apps.pt_note_moves(${\ts('{a}')}, $edge, 'apps.pt_entity'::$regclass)", "apps.pt_move_facts(${\ts('{a}')}, ${\ts('{b}')}, $edge)", "apps.pt_follow_moves($edge)", "apps.pt_replace_staged(${\ts('{a}')}, ${\ts('{a}')}, $edge)", "apps.pt_note_change(${\ts('{a}')}, ${\ts('{b}')}, ${\ts('{b}')}, ${\ts('{}')}, ${\ts('{}')}, $edge, 'apps.pt_entity'::$regclass)", 'COMMIT',
	'BEGIN', 'CREATE SCHEMA copied', "apps.pt_copy_table('apps.pt_pending'::$regclass, 'copied'::pg_catalog.name)", 'ROLLBACK', "apps.pt_indexed_files($edge)",
	qq(apps.pt_replace_file(${\t('x')}, '{"entities": [{"key": "x"}], "edges": [{"from_key": "x", "to_key": "$u"}]}'::$jsonb)),
	"apps.pt_replace_file(${\t('x')}, '{}'::$jsonb, $edge)", "apps.pt_resolve_changed()", "apps.pt_enable_updates()",
	qq(apps.pt_replace_file(${\t('x')}, '{"entities": [{"key": "y", "entity_type": "class"}], "edges": [{"from_key": "y", "to_key": "$u", "edge_type": "Extends"}]}'::$jsonb)), "apps.pt_resolve_changed($edge, 5::$bigint, false)",
	"apps.pt_entity_name($null, ${\t($a)}, $null)", "apps.pt_entity_file($null, ${\t($a)})", "apps.pt_reference_parts(${\t($a)})", "apps.pt_type_parts('{\"fields\": {\"a\": \"b.c\"}, \"returns\": \"d\"}'::$jsonb, $null, ${\t($a)})", "apps.pt_has_modules(${\t('python')})", "apps.pt_module_word(${\t('a/b.py')})", "apps.pt_module_words(${\ts('{a/__init__.py}')}, 'apps.pt_entity'::$regclass)", "apps.pt_codebase_table($edge, ${\t('pt_pending')})", "apps.pt_codebase_table($edge, ${\t('pt_pending')}, true)", "apps.pt_require_owner($edge, ${\t('pt_pending')})", "apps.pt_lock_files(${\ts('{a}')}, $edge)", "apps.pt_document_rows('{\"entities\": [1], \"edges\": [2]}'::$jsonb)", "apps.pt_replace_run('{\"entities\": [], \"edges\": []}'::$jsonb, ${\ts('{a}')}, NULL::$text\[], $edge)", "apps.pt_lock_tables('apps.pt_entity'::$regclass, $edge, ${\t('ROW EXCLUSIVE')}, ${\t('SHARE ROW EXCLUSIVE')})", "apps.pt_complete_codebase($edge)", "apps.pt_file_state(${\ts('{x}')}, $edge, 'apps.pt_entity'::$regclass)",
	"apps.pt_put_left_out(${\t('')}, NULL::$text\[], ${\ts('{x.py}')}, ${\ts('{python}')}, ${\ts('{large}')}, ${\ts('{NULL}')}, $edge)", "apps.pt_left_out_summary()", "apps.pt_resolve_pending($edge, 5::$bigint, true)",
	"apps.pt_import_run($document, false, ${\t('/src')}, ${\t('Uses')}, true, $edge)",
	"apps.pt_import_shape($document, false)", "apps.pt_import_shape($relations, false)",
	"apps.pt_import_relation($relations, '{}'::$text\[], ${\t('CodeGraph')})",
	"apps.pt_import_elements($document, false, '{}'::$text\[])",
	"apps.pt_import_statement($part, $job, ${\t('judged')}, ${\t('key')}, ${\t('key')}, ${\t('action')})",
	"apps.pt_import_entity('{\"key\": \"k:1-2\", \"file_path\": \"./x\", \"line_start\": 3, \"current_ind\": 1, \"x\": 1}'::$jsonb, $null, $part, ${\t('/src/')})",
	"apps.pt_import_entity('{\"key\": \"\"}'::$jsonb, $null, $part, $null)", "apps.pt_import_entity('[\"k\"]'::$jsonb, $null, $doomed, $null)",
	"apps.pt_import_entities($document, $part, $job)",
	"apps.pt_import_entities('[[\"k\"]]'::$jsonb, $doomed, $job)",
	"apps.pt_import_dependencies('{\"key\": \"k\", \"forward_deps\": [\"l\"]}'::$jsonb)",
	"apps.pt_import_stated_edges($edges)", "apps.pt_import_edges($document, $edges, $job)",
	"apps.pt_import_edges('[[\"k\", \"l\"]]'::$jsonb, $doomed_edges, $job)",
	"apps.pt_import_sum($counts, $counts)", "apps.pt_import_place(${\ts('{data,edges}')}, 1::pg_catalog.int8, ${\t('f')}, 2::pg_catalog.int8)",
	"apps.pt_import_misfit('[1]'::$jsonb, '{a,b}'::$text\[])", "apps.pt_import_relative(${\t('/x/./a')}, ${\t('/x/')})", "apps.pt_import_relative(${\t('./a')}, $null)",
	"apps.pt_import_json_fault(${\t('{')})", "apps.pt_parse_json(${\t('{')})", "apps.pt_parse_json(${\t('{}')})",
	qq(apps.pt_import('{"nodes": [{"id": "$a", "kind": "local", "label": "alpha"}, {"id": 7, "line": 3}], "links": [{"source": "$a", "target": 7, "confidence": 0.5, "method": "m", "reference_key": "r"}, {"source": 7, "target": "$a", "confidence": 0}]}'::$jsonb)),
	qq(apps.pt_import_node('{"id": "$a", "kind": "local", "label": "alpha", "line": 3}'::$jsonb)), "apps.pt_import_end('7'::$jsonb)",
	(map { my $type = $_; (qq(apps.pt_import('[{"key": "$a"}]'::pg_catalog.$type)), qq(apps.pt_insert_entities('[{"key": "$a"}]'::pg_catalog.$type)),
		qq(apps.pt_insert_edges('[{"from_key": "$a", "to_key": "w", "confidence": 0.5}, {"from_key": "$a", "to_key": "w"}]'::pg_catalog.$type))) } qw(json text)),
	"apps.pt_export()", "apps.pt_export($edge)",
	# references
	"apps.pt_resolve_references()", "apps.pt_resolve_references($edge, 5::$bigint, false)", "apps.pt_resolve_references($edge, join_spellings => false)",
	# spellings
	"apps.pt_insert_edge(${\t('rust:fn:alpha:src/a.rs:1-9')}, ${\t($b)})", "apps.pt_join_keys(${\ts('{rust:fn:alpha:src/a.rs:1-9}')}, 'apps.pt_edge'::$regclass, 'apps.pt_entity'::$regclass)",
	"apps.pt_join_new_entities('apps.pt_edge'::$regclass, 'apps.pt_entity'::$regclass, NULL::$text\[])", "apps.pt_spellings(${\ts('{rust:fn:alpha:src/a.rs:1-9}')}, 'apps.pt_entity'::$regclass)",
	"apps.pt_spelling_query(${\t('SELECT')}, 'apps.pt_entity'::$regclass)", "apps.pt_blast_radius(${\t('rust:fn:alpha:./src/a.rs:1-9')}, missing_ok => true)",
	"apps.pt_key_bucket(${\t($a)})", "apps.pt_key_file_bucket(${\t($a)})", "apps.pt_key_buckets(${\t($a)}, 1, 2)", "apps.pt_key_fits(${\t($a)}, ${\t($a)}, $null, true)", "apps.pt_normal_path(${\t('a')})",
	"apps.pt_match_name(${\t('a::b')})", "apps.pt_match_qualifier(${\t('a::b')})", "apps.pt_type_class(${\t('fn')})", "apps.pt_language_family(${\t('cpp')})",
	"apps.pt_file_id(${\t('./a.c')})", "apps.pt_class_fits(${\t('callable')}, ${\t('type')})", "apps.pt_class_fits(${\t('any')}, ${\t('type')})",
	"apps.pt_class_fits(${\t('type')}, ${\t('value')})",
	# keys
	"apps.pt_key_kind(${\t($a)})", "apps.pt_key_name(${\t($a)})", "apps.pt_key_language(${\t($a)})", "apps.pt_key_path(${\t($a)})", "apps.pt_max_key_bytes()",
	"apps.pt_is_test(${\t('TEST')}, $null, $null)", "apps.pt_is_test($null, ${\t('fn')}, ${\t('tests/a.c')})",
	# graphs
	"apps.pt_default_graph()", "apps.pt_default_graph_if_any()", "apps.pt_entity_table()", "apps.pt_graph_tables()",
	"apps.pt_refuse_distributed($edge)", "apps.pt_require_columns($edge, ${\ts('{from_key}')})",
	"apps.pt_graph_status()", "apps.pt_prewarm()", "apps.pt_graph_source()", "_parseltongue.pt_graph_status($edge)",
	(map { my $m = $_; map { "apps.$_, graph => 'apps.seen'::$regclass)" } (
		"pt_blast_radius(${\t($b)}, NULL$m", "pt_impact(${\ts(qq({\"$b\"}))}, NULL$m", "pt_callers(${\t($b)}$m", "pt_path(${\t($a)}, ${\t($b)}$m") }
		(', missing_ok => true', ", edge_types => ${\ts('{Calls}')}, min_confidence => 0.5::$float8, missing_ok => true")),
	"apps.pt_check_index('apps.pt_edge_adjacency'::$regclass)", "apps.pt_statistics()", "apps.pt_codebases()", "apps.pt_images()", "apps.pt_last_walk()",
	# walks
	(map { my $m = $_; map { "apps.$_" } (
		"pt_blast_radius(${\t($b)}, NULL$m)", "pt_blast_radius_summary(${\t($b)}, NULL$m)", "pt_blast_radius_count(${\t($b)}, NULL$m)", "pt_impact(${\ts(qq({\"$b\"}))}, NULL$m)",
		"pt_callers(${\t($b)}$m)", "pt_callees(${\t($a)}$m)", "pt_path(${\t($a)}, ${\t($b)}$m)", "pt_paths(${\t($a)}, ${\t($b)}$m)", "pt_subgraph(${\t($a)}$m)", "pt_tree(${\t($b)}$m)",
		"pt_bfs($edge, ${\t($a)}$m)", "pt_multi_source_bfs($edge, ${\ts(qq({\"$a\"}))}$m)") } ('', ", edge_types => ${\ts('{Calls}')}, min_confidence => 0::$float8", ', missing_ok => true')),
	"apps.pt_blast_radius(${\t('test')}, 0)",
	# whole graphs
	(map { my $m = $_; map { "apps.$_$m)" } (
		(map { "pt_$_($edge" } qw(components strong_components has_cycle cycles feedback_edges bridges articulation_points degree hotspots kcore pagerank betweenness closeness harmonic hits eigenvector katz coupling technical_debt entropy label_propagation triangles clustering_coefficient communities)),
		"pt_topological_sort($edge, ${\t('condense')}", "pt_pagerank($edge, personalization => ${\ts(qq({\"$a\"}))}", "pt_dominators($edge, ${\t($a)}", "pt_reachable(${\t($a)}, ${\t($b)}, NULL, ${\t('both')}, graph => $edge") }
		('', ", edge_types => ${\ts('{Calls}')}, min_confidence => 0::$float8")),
	"apps.pt_transitive_reduction($edge, edge_types => ${\ts('{Nothing}')})", "apps.pt_modularity($edge, NULL, edge_types => ${\ts('{Nothing}')})", "apps.pt_similarity($edge, ${\t($a)})",
	"apps.pt_coupling($edge, ${\t('file')})", "apps.pt_technical_debt($edge, ${\t('folder')}, true)", "apps.pt_entropy($edge, true)", "apps.pt_folder_tree()", "apps.pt_folder(${\t('src/a.rs')})",
	"apps.pt_forbidden(${\t('src -> *')})", "apps.pt_forbidden(${\t('* ->> rust:**')}, true)",
	"apps.pt_match(${\t($a)}, ${\t('Calls+ <.')})", "apps.pt_match_path(${\t($a)}, ${\t($b)}, ${\t('.+')})",
	# as earlier versions declared them
	(map { my $m = $_; map { "_parseltongue.$_" } (
		"pt_blast_radius(${\t($b)}, NULL$m)", "pt_blast_radius_summary(${\t($b)}, NULL$m)", "pt_blast_radius_count(${\t($b)}, NULL$m)", "pt_impact(${\ts(qq({\"$b\"}))}, NULL$m)",
		"pt_callers(${\t($b)}$m)", "pt_callees(${\t($a)}$m)", "pt_path(${\t($a)}, ${\t($b)}$m)", "pt_paths(${\t($a)}, ${\t($b)}$m)", "pt_subgraph(${\t($a)}$m)", "pt_tree(${\t($b)}$m)",
		"pt_bfs($edge, ${\t($a)}$m)", "pt_bfs($edge, ${\ts(qq({\"$a\"}))}$m)") } ('', ", edge_types => ${\ts('{Calls}')}, min_confidence => 0::$numeric")),
	"_parseltongue.pt_statistics()", "_parseltongue.pt_unreferenced()", "_parseltongue.pt_affected_tests(${\ts(qq({\"$b\"}))})",
	# pictures
	(map { ("apps.$_(${\t($a)}, ${\t($b)}, ${\t('Calls')})", "apps.$_(${\t($a)}, ${\t($b)})") } qw(pt_to_dot pt_to_mermaid pt_to_json)),
	# searching
	(map { "apps.pt_search(${\t($_)})" } ('alpha', 'ALPHA', 'alp', 'lph', 'aplha', 'alphx', 'src_a', $a, 'alphabetically', '50%_')),
	"apps.pt_search(${\t('alpha')}, 1::$bigint, ${\ts('{local}')})",
	"apps.pt_enable_search()",
	(map { "apps.pt_search(${\t($_)}, 5::$bigint, ${\ts('{local,file}')})" } ('alpha', 'ALPHA', 'alp', 'lph', 'aplha', 'alphx', 'src_a', $a, 'alphabetically', '50%_')),
	"apps.pt_query_name(${\t('Foo#bar')})", "apps.pt_search_qualified(${\t('Foo#alpha')}, ${\t('apps.pt_entity')}, $entity, ${\t('')}, 5::$bigint)",
	"apps.pt_make_index('pt_entity_spelling'::pg_catalog.name, $entity, ${\t('btree (_parseltongue.pt_key_bucket(key))')})",
	"apps.pt_search_check(${\t('x')}, 1::$bigint, ${\ts('{local}')})", "apps.pt_search_literal(${\t('50%')})", "apps.pt_search_terms(${\t('alpha')})",
	"apps.pt_search_tiers(apps.pt_search_terms(${\t('alpha')}), ${\t('trigrams')}, 1)", "apps.pt_search_steps(apps.pt_search_terms(${\t('alpha')}), ${\t('trigrams')}, 1, false)",
	"apps.pt_search_means('apps.pt_entity'::$regclass)", "apps.pt_search_threshold(${\t('trigrams')}, ${\t('alpha')})",
	"apps.pt_search_share('apps.pt_entity'::$regclass, ${\t('name')}, ${\t('%a%')}, ${\ts('{local}')}, 5::$bigint)",
	# a table of edges alone
	"CREATE TABLE IF NOT EXISTS apps.plain (a $text, b $text, k pg_catalog.int8, c $numeric(3, 2))", 'CREATE INDEX IF NOT EXISTS plain_adjacency ON apps.plain USING adjacency (a, b, k, c)',
	"INSERT INTO apps.plain VALUES (${\t('alpha')}, ${\t('beta')}, 1, 0.5::$numeric)", "apps.pt_search(${\t('alp')}, graph => 'apps.plain'::$regclass)",
	# edges that weigh something
	"CREATE TABLE IF NOT EXISTS apps.road (a $text, b $text, cost pg_catalog.float8)", 'CREATE INDEX IF NOT EXISTS road_adjacency ON apps.road USING adjacency (a, b) INCLUDE (cost)',
	"INSERT INTO apps.road VALUES (${\t('alpha')}, ${\t('beta')}, 1)", (map { "apps.$_" } (
		"pt_dijkstra('apps.road'::$regclass, ${\t('alpha')})", "pt_dijkstra_path(${\t('alpha')}, ${\t('beta')}, graph => 'apps.road'::$regclass)",
		"pt_dijkstra_paths(${\t('alpha')}, ${\t('beta')}, graph => 'apps.road'::$regclass)", "pt_bellman_ford('apps.road'::$regclass, ${\t('alpha')})",
		"pt_minimum_spanning_tree('apps.road'::$regclass)", "pt_max_flow('apps.road'::$regclass, ${\t('alpha')}, ${\t('beta')})", "pt_pagerank('apps.road'::$regclass, weighted => true)")),
	"apps.pt_statistics('apps.plain'::$regclass)", "apps.pt_graph_columns('apps.plain'::$regclass)", "apps.pt_blast_radius(${\t('beta')}, edge_types => ${\ts('{1}')}, graph => 'apps.plain'::$regclass)",
	"CREATE TABLE IF NOT EXISTS apps.weighed (a $text, b $text, cost $numeric)", 'CREATE INDEX IF NOT EXISTS weighed_adjacency ON apps.weighed USING adjacency (a, b) INCLUDE (cost)',
	"INSERT INTO apps.weighed VALUES (${\t('alpha')}, ${\t('beta')}, 0.5::$numeric)", "CREATE OR REPLACE VIEW apps.by_weight AS SELECT a AS source, b AS target, cost FROM apps.weighed",
	(map { "_parseltongue.pt_weighted_edges('apps.$_'::$regclass)" } qw(weighed by_weight)), "_parseltongue.pt_weighted_edges('apps.by_weight'::$regclass, ${\t('in')}, ${\ts('{beta}')})",
	"SET parseltongue.graph = 'plain'", 'RESET parseltongue.graph',
	# change
	"apps.pt_affected_tests(${\ts(qq({\"$b\"}))})", "apps.pt_unreferenced()", "apps.pt_unreferenced(${\ts('{function}')}, ${\t('unreachable')})",
	"apps.pt_unreferenced(NULL::$text\[], ${\t('unreachable')}, ${\ts('{test}')}, edge_types => ${\ts('{Calls}')}, min_confidence => 0::$float8, graph => $edge)", "apps.pt_unreferenced(edge_types => ${\ts('{Calls}')})",
	"apps.pt_trusted(0.5::$float8)", "apps.pt_types(${\ts('{Calls}')})",
	# agents
	"apps.pt_possible_callers(${\ts(qq({\"$b\"}))})", "apps.pt_possible_callers(${\ts(qq({\"$b\"}))}, ${\ts('{Calls}')}, 0::$float8, true, $edge)",
	"apps.pt_possible_callers_summary(${\ts(qq({\"$b\"}))})", "apps.pt_impact_summary(${\ts(qq({\"$b\"}))})", "apps.pt_impact_summary(${\ts(qq({\"$b\"}))}, NULL, ${\t('both')}, ${\ts('{Calls}')}, 0::$float8, missing_ok => true, graph => $edge)", "apps.pt_respell(${\ts(qq({\"$b\"}))}, $edge)", "apps.pt_referrer_count(${\t($b)}, ${\ts('{Contains}')}, NULL::$text\[], NULL::$float8, $edge)", "apps.pt_is_reached(${\t($b)}, ${\ts(qq({\"$a\"}))}, NULL::$text\[], NULL::$float8, $edge)", "apps.pt_may_contain(${\t($b)}, ${\t($a)})", "apps.pt_may_be_misspelt(${\t($b)}, ${\t($a)})", "apps.pt_unread(${\ts(qq({\"$b\"}))})", "apps.pt_enable_possible_callers()", "apps.pt_enable_possible_callers($edge)",
	"apps.pt_reference_name(${\t($u)})", "apps.pt_key_type(${\t($a)})",
	"apps.pt_context(${\ts(qq({\"$b\"}))})", "apps.pt_context(${\ts(qq({\"$b\"}))}, 200, 3::$float8, ${\ts('{Calls}')}, 0::$float8, missing_ok => true, graph => $edge)",
	"apps.pt_push(${\ts(qq({\"$b\"}))}, 10)", "apps.pt_context_items(${\ts(qq({\"$b\"}))}, 10, 4::$float8, NULL::$text\[], NULL::$float8, NULL::$text\[], NULL::$text\[], false, $edge)",
	"apps.pt_first_line(${\t(' x')})", "apps.pt_context_pack('{t,f}'::pg_catalog.bool[], '{0.5,0.5}'::pg_catalog.float8[], '{1,2}'::pg_catalog.int8[], '{3,9}'::pg_catalog.int8[], 20)",
	"apps.pt_impact_page(${\ts(qq({\"$b\"}))})", "apps.pt_rank()", "apps.pt_rank($edge)",
	"apps.pt_impact_page(${\ts(qq({\"$b\"}))}, NULL, order_by => ${\t('rank')}, max_results => 1, missing_ok => true)", "apps.pt_impact_page(${\ts(qq({\"$b\"}))}, NULL, order_by => ${\t('key')}, after_key => ${\t('a')})",
	(map { ("apps.pt_callers_page(${\t($b)}, order_by => ${\t($_)})", "apps.pt_search_page(${\t('alpha')}, order_by => ${\t($_)})") } qw(rank key)), "apps.pt_callers_page(${\t($b)})", "apps.pt_search_page(${\t('alpha')})",
	"apps.pt_callers_page(${\t($b)}, ${\t('out')}, ${\t('key')}, 1::pg_catalog.int8, ${\t('a')}, ${\ts('{Calls}')}, 0::$float8, NULL::$text\[], NULL::$text\[], true, $edge)",
	"apps.pt_search_page(${\t('alpha')}, ${\t('key')}, 1::pg_catalog.int8, ${\t('a')}, ${\ts('{local}')}, $edge)",
	"apps.pt_page_ranks($edge, ${\t('key')}, ${\ts('{rank,key}')}, 1::pg_catalog.int8)", "apps.pt_page_after(1::pg_catalog.int8, ${\t('a')})",
	"apps.pt_page_query(${\t('x')}, ${\t('key')}, ${\t('key')}, ${\t('key')}, NULL::$regclass)",
	"apps.pt_watch(${\ts(qq({\"$b\"}))})", "apps.pt_watch(${\ts(qq({\"$b\"}))}, 2::pg_catalog.int8, ${\t('feed')}, ${\ts('{Calls}')}, 0::$float8, true, $edge)", "apps.pt_watches()", "apps.pt_watches($edge)",
	"INSERT INTO apps.pt_edge (from_key, to_key) VALUES (${\t('new')}, ${\t($b)})", "UPDATE apps.pt_edge SET to_key = ${\t($a)} WHERE from_key OPERATOR(pg_catalog.=) ${\t('new')}",
	"DELETE FROM apps.pt_edge WHERE from_key OPERATOR(pg_catalog.=) ${\t('new')}",
	"apps.pt_reached(${\ts(qq({\"$a\"}))}, ${\ts(qq({\"$b\"}))})", "apps.pt_watch_tables($edge)", "apps.pt_watch_is_enabled($edge)", "apps.pt_watch_enable($edge)",
	"apps.pt_watch_touch($edge, ${\ts(qq({\"$b\"}))}, false)", "apps.pt_watch_radius($edge, ${\t($b)}, 2::pg_catalog.int8, NULL::$text\[], 0.5::$float8)",
	"apps.pt_watch_report('apps.pt_edge_touched'::$regclass, ${\t('feed')}, ${\t($b)}, ${\ts('{a}')}, '{1}'::pg_catalog.int4[], 1::pg_catalog.int8, NULL::$text, ${\ts('{a}')}, '{1}'::pg_catalog.int4[], 1::pg_catalog.int8, NULL::$text)",
	"apps.pt_unwatch(${\ts(qq({\"$b\"}))}, ${\t('feed')})", "apps.pt_unwatch()",
	"apps.pt_help()", "apps.pt_help(${\t('radius')})", "apps.pt_help_words()", "apps.pt_examples()",
	# codebases
	"apps.pt_create_codebase(${\t('code')})",
	"apps.pt_import($document, graph => $code)",
	"apps.pt_insert_edge(${\t($a)}, ${\t($b)}, graph => $code)",
	"UPDATE code.pt_edge SET confidence = 0.5::$numeric",
	"apps.pt_diff_pairs($entity, $entity)", "apps.pt_diff($edge, $code)", "apps.pt_diff_radius($edge, $code)", "apps.pt_diff_radius($edge, $code, avoid => ${\ts(qq({\"$a\"}))}, within => ${\ts(qq({\"$b\"}))}, stop_at => ${\ts(qq({\"$b\"}))})",
	"_parseltongue.pt_diff($edge, $code)", "_parseltongue.pt_diff_radius($edge, $code)",
	"apps.pt_forget_resolutions()",
	"apps.pt_drop_codebase(${\t('code')})",
	# looking after it
	'ANALYZE apps.pt_entity', 'VACUUM apps.pt_edge', 'REINDEX TABLE apps.pt_edge', 'REINDEX TABLE apps.pt_entity',
	'DROP INDEX apps.pt_entity_search_name, apps.pt_entity_search_trigram, apps.pt_edge_reference_name', 'DROP TABLE apps.pt_entity_rank, apps.pt_edge_watch, apps.pt_edge_touched',
);

# what users do not call is in a schema of its own
my %inside = map { $_ => 1 } split /\n/, $node->safe_psql('hostile', <<'SQL');
SELECT proname FROM pg_proc WHERE pronamespace = '_parseltongue'::regnamespace EXCEPT SELECT proname FROM pg_proc WHERE pronamespace = 'apps'::regnamespace
UNION SELECT typname FROM pg_type WHERE typnamespace = '_parseltongue'::regnamespace
SQL
s/\bapps\.(pt_\w+)/($inside{$1} ? '_parseltongue' : 'apps') . ".$1"/ge foreach @calls;
my $all = join("\n", @calls);
my @functions = split /\n/, $node->safe_psql('hostile', <<'SQL');
SELECT DISTINCT proname FROM pg_proc JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = pg_proc.oid AND d.deptype = 'e'
	JOIN pg_extension AS x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid AND extname = 'parseltongue' ORDER BY 1
SQL
# the steps of the aggregates, the handler and the planner's support are called by the server
is(join(' ', grep { !/^pt_picture_|_handler$|^pt_(?:walk|network)_rows$|^pt_watch_(?:statement|commit)$/ && $all !~ /\b(?:apps|_parseltongue)\.$_\(/ } @functions), '', 'every function is called');
# what must fail: the hint of an unknown key is looked for by queries
my @failing = ("apps.pt_blast_radius(${\t('alph')})", "apps.pt_bfs($edge, ${\t('rust:fn:alpha:x:1-1')})", "apps.pt_insert_entity(NULL::$text)");

# Each call is a line, so that what psql says of it names the line.
my @lines;
foreach my $call (@calls)
{
	my $sql = $call !~ /^(?:apps|_parseltongue)\./ ? $call : $call =~ /^apps\.pt_to_/ ? "SELECT $call" : "SELECT * FROM $call";
	push @lines, [ $sql, undef ];
}
push @lines, [ "SELECT * FROM $_", qr/does not exist in graph|must not be NULL/ ] foreach @failing;

foreach my $path ('evil, apps, pg_catalog', 'apps, evil', 'pg_catalog, evil, apps')
{
	# twice in a session: plans of the first call are there for the second
	my @all = ([ "SET search_path = $path", undef ], @lines, @lines);
	my ($rc, $out, $err) = $node->psql('hostile', join('', map { "$_->[0];\n" } @all), on_error_stop => 0);
	my %said;
	my $line = 0;
	foreach (split /\n/, $err)
	{
		$line = $1 if /^psql:<stdin>:(\d+): (?:ERROR|WARNING)/;
		$said{$line} .= "$_\n" if $line;
	}
	my @wrong;
	foreach my $n (1 .. @all)
	{
		my ($sql, $expected) = @{ $all[ $n - 1 ] };
		my $said = $said{$n} // '';
		push @wrong, "$sql: $said" if $said =~ /planted/ || ($expected ? $said !~ $expected : $said =~ /ERROR/);
	}
	is(join("\n", @wrong), '', "search_path $path: calls end as they should");
	is($node->safe_psql('hostile', 'SELECT is_called FROM plant.caught'), 'f', "search_path $path: nothing planted is called");
}

# A collation of that name that finds upper and lower case alike: keys stay apart.
SKIP:
{
	my ($rc) = $node->psql('hostile', q{CREATE COLLATION evil."C" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)});
	skip 'built without ICU', 1 if $rc != 0;
	is($node->safe_psql('hostile', qq{SET search_path = evil, pg_catalog; SELECT apps.pt_insert_entities('[{"key": "case"}, {"key": "CASE"}]'::$jsonb)}), 2,
		'a planted collation does not make two keys one');
}

# ---------------------------------------------------------------------------
# A table by the name of one that a codebase may have beside its edges, in a schema
# where its owner may create and so may another: whatever is done to it runs a
# trigger or a policy of the other's. Each name is planted alone.
# ---------------------------------------------------------------------------

$node->safe_psql('postgres', 'CREATE DATABASE beside');
$node->safe_psql('beside', <<'SQL');
CREATE SCHEMA apps;
CREATE EXTENSION pg_trgm SCHEMA apps;
CREATE EXTENSION parseltongue SCHEMA apps;
GRANT USAGE ON SCHEMA apps TO PUBLIC;
CREATE ROLE planted_on;
CREATE SCHEMA plant;
CREATE SEQUENCE plant.caught;
GRANT ALL ON SCHEMA plant TO PUBLIC;
GRANT ALL ON SEQUENCE plant.caught TO PUBLIC;
CREATE FUNCTION plant.fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM plant.policy(); RETURN NEW; END $$;
CREATE FUNCTION plant.policy() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF current_user <> 'planter' THEN
		PERFORM nextval('plant.caught');
		RAISE WARNING 'planted: as %', current_user;
	END IF;
	RETURN true;
END $$;
CREATE FUNCTION plant.table(place text, name text, columns text, kind text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	IF kind = 'view' THEN
		EXECUTE format('CREATE VIEW %1$I.%2$I AS SELECT c.* FROM (SELECT %3$s) AS c WHERE plant.policy()', place, name,
			(SELECT string_agg(format('NULL::%s AS %I', split_part(c, ' ', 2), split_part(c, ' ', 1)), ', ') FROM unnest(string_to_array(columns, ', ')) AS c));
		EXECUTE format('CREATE TRIGGER fire INSTEAD OF INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION plant.fire()', place, name);
	ELSE
		EXECUTE format('CREATE TABLE %I.%I (%s)', place, name, columns);
		EXECUTE format('INSERT INTO %I.%I DEFAULT VALUES', place, name);
		EXECUTE format('CREATE TRIGGER fire BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION plant.fire()', place, name);
		EXECUTE format('CREATE POLICY policy ON %I.%I USING (plant.policy())', place, name);
		EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', place, name);
	END IF;
	EXECUTE format('GRANT ALL ON %I.%I TO PUBLIC', place, name);
END $$;
GRANT SELECT ON apps.pt_entity, apps.pt_edge TO PUBLIC;
SQL
my %columns = (
	pt_entity => 'key text, name text, entity_type text, entity_class text, language text, file_path text, line_start integer, line_end integer, signature jsonb, code text, properties jsonb, updated_at timestamptz',
	pt_left_out => 'prefix text, file_path text, language text, reason text, detail text, indexed_at timestamptz',
	pt_pending => 'files text[], gone text[], gone_names text[], names text[], rebased boolean, written_at timestamptz',
	pt_entity_rank => 'key text, score float8, rank bigint, ranked_at timestamptz',
	pt_edge_watch => 'channel text, key text, hops bigint, edge_types text[], min_confidence float8, watched_by name, watched_at timestamptz',
	pt_edge_touched => 'xid xid8, channel text, key text, hops bigint, edge_types text[], min_confidence float8, truncated boolean');
my $mine = q('mine.pt_edge');
my @uses = (
	"apps.pt_blast_radius('noone', graph => $mine)", "apps.pt_callers('rust:fn:nobody:x:1-1', graph => $mine)", "apps.pt_graph_status($mine)",
	"apps.pt_search('a', graph => $mine)", "apps.pt_context('{a}', graph => $mine)", "apps.pt_subgraph('a', graph => $mine)",
	"apps.pt_rank($mine)", (map { "apps.pt_impact_page('{a}', order_by => '$_', graph => $mine)" } qw(key rank)),
	"apps.pt_callers_page('a', graph => $mine)", "apps.pt_search_page('a', graph => $mine)",
	"apps.pt_replace_file('a.rs', '{\"entities\": [{\"key\": \"new\"}]}', $mine)", "apps.pt_resolve_changed($mine)", "apps.pt_resolve_references($mine)",
	"apps.pt_forget_resolutions($mine)", "apps.pt_import('[{\"key\": \"b\"}, {\"from_key\": \"b\", \"to_key\": \"d\"}]', graph => $mine)",
	"apps.pt_insert_entity('c', graph => $mine)", "apps.pt_delete_entity('c', true, graph => $mine)", "apps.pt_export($mine)",
	"_parseltongue.pt_put_left_out('', NULL, '{x}', '{c}', '{kind}', '{x}', $mine)", "apps.pt_left_out_summary($mine)",
	"apps.pt_possible_callers_summary('{a}', graph => $mine)", "apps.pt_impact_summary('{a}', graph => $mine)",
	"_parseltongue.pt_complete_codebase($mine)", "apps.pt_watch('{a}', graph => $mine)", "apps.pt_watches($mine)", "apps.pt_unwatch(graph => $mine)",
	"apps.pt_diff($mine, 'apps.pt_edge')", "apps.pt_enable_search($mine)", "apps.pt_enable_updates($mine)", "apps.pt_codebases()", "apps.pt_drop_codebase('mine')");
my $use = join('', map { "BEGIN; SELECT * FROM $_; ROLLBACK;\n" } @uses);
# that nothing is wrong with the calls
$node->safe_psql('beside', q(SELECT apps.pt_create_codebase('mine'); INSERT INTO mine.pt_edge (from_key, to_key) VALUES ('a', 'b'); SELECT apps.pt_rank('mine.pt_edge')));
my ($rc, $out, $err) = $node->psql('beside', $use, on_error_stop => 0);
is(join("\n", grep { /ERROR/ && !/key ".*" does not exist/ } split /\n/, $err), '', 'the calls do what they should where nothing is planted');
$node->safe_psql('beside', q(SELECT apps.pt_drop_codebase('mine')));
foreach my $name (sort keys %columns)
{
	foreach my $kind ('table', $name =~ /^pt_entity|pending/ ? 'view' : ())
	{
		$node->safe_psql('beside', <<"SQL");
SELECT setval('plant.caught', 1, false);
SELECT apps.pt_create_codebase('mine');
GRANT ALL ON SCHEMA mine TO planter, planted_on;
DROP TABLE IF EXISTS mine.$name;
DO 'DECLARE t name; BEGIN FOR t IN SELECT relname FROM pg_class WHERE relnamespace = ''mine''::regnamespace AND relkind = ''r'' LOOP EXECUTE format(''ALTER TABLE mine.%I OWNER TO planted_on'', t); END LOOP; END';
INSERT INTO mine.pt_edge (from_key, to_key) VALUES ('a', 'b');
SET ROLE planter;
SELECT plant.table('mine', '$name', '$columns{$name}', '$kind');
SQL
		$out = '';
		foreach my $who ('planted_on', 'postgres')
		{
			($rc, undef, $err) = $node->psql('beside', "SET ROLE $who;\n$use", on_error_stop => 0);
			$out .= $err;
		}
		is(join("\n", grep { /planted: as/ } split /\n/, $out), '', "a planted $kind $name: nothing of it is run");
		is($node->safe_psql('beside', 'SELECT is_called FROM plant.caught'), 'f', "a planted $kind $name: nor where it is not told");
		like($out, $name eq 'pt_entity' ? qr/not the edge table of a codebase/ : qr/relation "mine.$name" is in the way/,
			"a planted $kind $name: calls that want it say so");
		$node->safe_psql('beside', 'DROP SCHEMA mine CASCADE');
	}
}

# A superuser who makes such a table makes it the owner's.
$node->safe_psql('beside', <<'SQL');
SELECT apps.pt_create_codebase('mine');
DROP TABLE mine.pt_left_out, mine.pt_pending;
GRANT ALL ON SCHEMA mine TO planter, planted_on;
ALTER TABLE mine.pt_edge OWNER TO planted_on;
ALTER TABLE mine.pt_entity OWNER TO planted_on;
INSERT INTO mine.pt_edge (from_key, to_key) VALUES ('a', 'b');
SELECT apps.pt_rank('mine.pt_edge'), _parseltongue.pt_complete_codebase('mine.pt_edge'), apps.pt_watch('{a}', graph => 'mine.pt_edge');
SQL
is($node->safe_psql('beside', q(SELECT string_agg(relname || ' ' || relowner::regrole, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'mine'::regnamespace AND relkind = 'r')),
	'pt_edge planted_on, pt_edge_touched planted_on, pt_edge_watch planted_on, pt_entity planted_on, pt_entity_rank planted_on, pt_left_out planted_on, pt_pending planted_on',
	'all tables of a codebase belong to the owner of its edges');
($rc, $out, $err) = $node->psql('beside', q(SET ROLE planter; SELECT apps.pt_rank('mine.pt_edge')));
like($err, qr/permission denied/, 'who may not read the edges makes no ranks of them');
$node->safe_psql('beside', 'DROP TABLE mine.pt_entity_rank; GRANT SELECT ON ALL TABLES IN SCHEMA mine TO planter');
($rc, $out, $err) = $node->psql('beside', q(SET ROLE planter; SELECT apps.pt_rank('mine.pt_edge')));
like($err, qr/must be owner of table "mine.pt_edge" to make table "pt_entity_rank"/, 'nor does who is not their owner');
$node->safe_psql('beside', q(SELECT apps.pt_drop_codebase('mine')));

$node->stop;
done_testing();
