-- pt_unreferenced, pt_affected_tests, pt_is_test, pt_statistics
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP SCHEMA IF EXISTS change CASCADE;
CREATE SCHEMA change;
SET search_path = change, public;
SET jit = off;
\set SHOW_CONTEXT never

CREATE TABLE pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE pt_edge (LIKE public.pt_edge INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (from_key, to_key, edge_type));
CREATE INDEX pt_edge_adjacency ON pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
SET parseltongue.graph = 'change.pt_edge';

-- which of these are tests?
SELECT entity_class, entity_type, file_path, pt_is_test(entity_class, entity_type, file_path) FROM (VALUES
	('TEST', 'function', 'src/a.rs'), ('test', NULL, NULL), ('CODE', 'function', 'tests/a.rs'), ('CODE', 'test', 'src/a.rs'), (NULL, 'test', NULL),
	(NULL, NULL, NULL), (NULL, 'function', NULL), (NULL, 'function', 'src/a.rs'), (NULL, 'function', 'tests/a.rs'), (NULL, 'function', 'src/test/java/A.java'),
	(NULL, 'function', 'app/__tests__/a.js'), (NULL, 'function', 'spec/a.rb'), (NULL, 'function', 'test_a.py'), (NULL, 'function', 'src/a_test.go'),
	(NULL, 'function', 'src/a.test.ts'), (NULL, 'function', 'src/a-spec.ts'), (NULL, 'function', 'src/UserTest.java'), (NULL, 'function', 'src/UserTests.cs'),
	(NULL, 'function', 'src/latest.c'), (NULL, 'function', 'src/contest/a.c'), (NULL, 'function', 'src/testing.c'), (NULL, 'function', 'src/protest_a.c'), (NULL, 'function', 'src/Test.java')
	) AS t (entity_class, entity_type, file_path);

-- by the conventions of languages: what are tests, and what only looks like it
SELECT language, string_agg(p, ' ' ORDER BY p COLLATE "C") FILTER (WHERE pt_is_test('CODE', 'function', p) IS DISTINCT FROM expected) AS wrong, count(*) FILTER (WHERE expected) AS tests, count(*) FILTER (WHERE NOT expected) AS others
FROM (VALUES
	('rust', true, 'tests/io.rs crates/core/tests/a/b.rs src/io/tests.rs src/tests/mod.rs src/io_test.rs src/test_io.rs'), ('rust', false, 'src/testing.rs src/io.rs benches/io.rs src/attest.rs src/latest/a.rs'),
	('go', true, 'pkg/io_test.go test/e2e/run.go pkg/testdata/a.go'), ('go', false, 'pkg/testing.go pkg/io.go contest/main.go'),
	('python', true, 'tests_unit/x.py functional-tests/a.py foo_tests.py test_io.py io_test.py tests/io.py app/tests.py conftest.py pkg/conftest.py tests/conftest.py unit_tests/a.py'), ('python', false, 'app/testimonials.py app/contest.py attestation/a.py app/test.txt.d/x'),
	('javascript', true, 'a.test.js a.spec.jsx __tests__/a.js a-test.js a_test.mjs cypress/e2e/a.cy.js e2e/login.js spec/a.js test/a.js __mocks__/fs.js setupTests.js jest.setup.js __snapshots__/a.js src/__fixtures__/a.js a.unit.test.mjs tests-e2e/x.js'), ('javascript', false, 'latest.js src/spectrum.js src/inspector/a.js protest/a.js'),
	('typescript', true, 'src/a.test.ts src/a.spec.tsx src/test.ts e2e/login.ts types/a.test-d.ts app/a.e2e-spec.ts src/__tests__/a.tsx'), ('typescript', false, 'src/testbed.ts src/aspect.ts'),
	('java', true, 'src/test/java/com/Helper.java ATest.java com/ATests.java com/TestA.java com/OrderIT.java com/ATestCase.java com/ASpec.groovy src/testFixtures/java/A.java src/integrationTest/java/A.java src/it/java/A.java com/ATestBase.java'), ('java', false, 'com/it/A.java src/main/java/com/Latest.java com/Contest.java com/Testimonial.java com/EXIT.java com/Test.java'),
	('kotlin', true, 'src/test/kotlin/A.kt src/androidTest/kotlin/A.kt src/commonTest/A.kt src/testDebug/java/A.kt src/jvmTest/A.kt ATest.kt OrderIT.kt ASpec.kt'), ('kotlin', false, 'src/main/kotlin/Attest.kt src/commonMain/A.kt'),
	('csharp', true, 'Acme.Tests/Helpers.cs Acme.UnitTests/A.cs Acme.Test/A.cs test/A.cs ATests.cs ATest.cs Acme.IntegrationTests/A.cs ASpecs.cs Acme.Tests.Unit/A.cs Acme.Test.Common/A.cs Tests.cs'), ('csharp', false, 'Acme/Contest.cs Acme.Testing.Tools/A.cs Latest/A.cs'),
	('c', true, 'selftest/a.c unit-tests/a.c tests/a.c test_a.c a_test.c a-test.c t/a.t test/a.h unittest/a.c'), ('c', false, 'src/testify.c src/a.c src/fastest.c'),
	('cpp', true, 'foo_gtest.cc foo_browsertest.cc autotests/a.cpp gtest/a.cc foo.test.cpp src/foo_unittest.cc a_test.cpp ATest.cpp TestA.cpp tst_a.cpp test/a.hpp a_tests.cxx'), ('cpp', false, 'src/Greatest.cpp src/spectest/a.cpp'),
	('ruby', true, 'features/step_definitions/a.rb test_helper.rb spec/a_spec.rb test/a_test.rb a_spec.rb test_a.rb spec/spec_helper.rb rails_helper.rb'), ('ruby', false, 'lib/spec.yml.d/a lib/inspec.rb lib/a.rb'),
	('php', true, 'tests/ATest.php ATest.php tests/TestCase.php a.phpt ACest.php Tests/A.php TestA.php'), ('php', false, 'src/Contest.php src/Attest.php'),
	('swift', true, 'Tests/AppTests/Helpers.swift ATests.swift AppUITests/Login.swift AppTests/A.swift ASpec.swift ATest.swift'), ('swift', false, 'Sources/App/Latest.swift Sources/Contests/A.swift'),
	('others', true, 'integration_test/app.dart foo_SUITE.erl Tests.fs tests/testthat/test-foo.R test/a_test.exs test/a_test.dart spec/a_spec.lua a.bats src/test/scala/ASuite.scala'), ('others', false, 'lib/a.ex')
	) AS v (language, expected, paths), unnest(string_to_array(paths, ' ')) p GROUP BY language ORDER BY language;
SELECT c AS class, t AS type, pt_is_test(c, t, 'src/a.rs') FROM (VALUES ('Test', NULL), ('TestImplementation', NULL), ('CodeImplementation', NULL), ('CODE', 'Test'), ('CODE', 'testing'), ('', '')) v (c, t);

-- main -> run -> step <-> step2; dead -> dead2 -> dead; lone; own -> own; a test; a guess; a placeholder; a module
INSERT INTO pt_entity (key, name, entity_type, entity_class, language, file_path, line_start)
SELECT format('c:fn:%s:a_c:%s-%s', n, i, i), n, 'function', CASE WHEN n ~ '^check' THEN 'TEST' ELSE 'CODE' END, 'c', 'a.c', i
FROM unnest('{main,run,step,step2,dead,dead2,lone,own,check,check2,helper,__init__,guessed}'::text[]) WITH ORDINALITY AS u (n, i);
INSERT INTO pt_entity (key, entity_type, file_path) VALUES ('c:module:m:a_c:0-99', 'module', 'a.c'), ('c:fn:puts:unknown:0-0', 'function', NULL), ('c:struct:s:b_c:1-1', 'struct', 'b.c');
INSERT INTO pt_edge (from_key, to_key, edge_type)
SELECT f.key, t.key, kind FROM (VALUES ('main', 'run', 'Calls'), ('run', 'step', 'Calls'), ('step', 'step2', 'Calls'), ('step2', 'step', 'Calls'), ('dead', 'dead2', 'Calls'),
	('dead', 'dead2', 'Uses'), ('dead2', 'dead', 'Calls'), ('lone', 'step', 'Calls'), ('own', 'own', 'Calls'), ('check', 'helper', 'Calls'), ('check2', 'check', 'Calls'), ('helper', 'run', 'Uses')) AS e (f, t, kind)
JOIN pt_entity AS f ON f.name = e.f JOIN pt_entity AS t ON t.name = e.t;
INSERT INTO pt_edge (from_key, to_key) VALUES ('c:fn:run:a_c:2-2', 'c:fn:puts:unknown:0-0');
SELECT name, entity_type, line_start, referrers FROM pt_unreferenced();
SELECT name, entity_type, line_start, referrers FROM pt_unreferenced(mode => 'unreachable');
SELECT name, referrers FROM pt_unreferenced('{struct,module}');
SELECT name, referrers FROM pt_unreferenced('{}');
SELECT name, referrers FROM pt_unreferenced(mode => 'unreachable', edge_types => '{Calls}');
SELECT name, referrers FROM pt_unreferenced('{function}', 'unreachable', '{c:fn:dead:a_c:5-5}');
SELECT name, referrers FROM pt_unreferenced('{function}', 'unreferenced', '{c:fn:lone:a_c:7-7}');
SELECT count(*) FROM pt_unreferenced(mode => 'unreachable', entry_points => '{}');
SELECT count(*) FROM pt_unreferenced(mode => 'unreachable', entry_points => '{c:fn:__init__:a_c:12-12}', graph => 'pt_edge_adjacency');
-- guesses count from min_confidence on
INSERT INTO pt_edge (from_key, to_key, edge_type, confidence, method) SELECT f.key, t.key, 'Calls (resolved)', 0.6, 'name' FROM pt_entity AS f, pt_entity AS t WHERE f.name = 'run' AND t.name = 'guessed';
SELECT min_confidence, array_agg(name ORDER BY name COLLATE "C") FROM unnest('{NULL,0.5,0.6,0.7}'::numeric[]) AS min_confidence, pt_unreferenced(min_confidence => min_confidence) GROUP BY 1 ORDER BY 1 NULLS FIRST;

INSERT INTO pt_edge (from_key, to_key, confidence, method) VALUES ('c:struct:s:b_c:1-1', 'c:module:m:a_c:0-99', 0.5, 'name');
SELECT * FROM pt_statistics();
DELETE FROM pt_edge WHERE from_key = 'c:struct:s:b_c:1-1';

-- tests to run
SELECT name, file_path, line_start, distance, nearest_key FROM pt_affected_tests('{c:fn:step:a_c:3-3}');
SELECT name, distance FROM pt_affected_tests('{c:fn:step:a_c:3-3}', 3);
SELECT name, distance FROM pt_affected_tests('{c:fn:step:a_c:3-3}', 0);
SELECT name, distance, nearest_key FROM pt_affected_tests('{c:fn:step:a_c:3-3,c:fn:helper:a_c:11-11,c:fn:check2:a_c:10-10,c:fn:check2:a_c:10-10}');
SELECT name, distance FROM pt_affected_tests('{c:fn:lone:a_c:7-7}');
SELECT name, distance FROM pt_affected_tests('{}');
-- the way to a test may be barred
SELECT key, distance, nearest_key FROM pt_affected_tests('{c:fn:step:a_c:3-3}', avoid => ARRAY(SELECT to_key FROM pt_callers('c:fn:step:a_c:3-3')));
SELECT count(*) AS wrong FROM (SELECT key, distance FROM pt_affected_tests('{c:fn:step:a_c:3-3}') EXCEPT
	SELECT key, distance FROM pt_affected_tests('{c:fn:step:a_c:3-3}', avoid => '{}', within => ARRAY(SELECT key FROM pt_entity), stop_at => '{c:fn:step:a_c:3-3}')) AS d;

-- bad arguments
SELECT * FROM pt_unreferenced(mode => 'unused');
SELECT * FROM pt_unreferenced(min_confidence => 1.5);
CREATE TABLE bare (a text, b text);
CREATE INDEX ON bare USING adjacency (a, b);
SELECT * FROM _parseltongue.pt_graph_tables('bare');
SELECT * FROM _parseltongue.pt_graph_tables('pt_edge_adjacency');
\set VERBOSITY sqlstate
SELECT * FROM pt_unreferenced(entry_points => '{nobody}');
SELECT * FROM pt_unreferenced(mode => 'unreachable', entry_points => '{nobody}');
SELECT count(*) = (SELECT count(*) FROM pt_unreferenced(entry_points => '{}')) AS same FROM pt_unreferenced(entry_points => '{nobody,NULL}', missing_ok => true);
SELECT * FROM pt_unreferenced(mode => NULL);
SELECT * FROM pt_unreferenced('{NULL}');
SELECT * FROM pt_unreferenced(entry_points => '{NULL}');
SELECT * FROM pt_unreferenced(edge_types => '{NULL}');
SELECT * FROM pt_unreferenced(graph => 'bare');
SELECT * FROM pt_unreferenced(graph => 'pg_class');
SELECT * FROM pt_statistics('bare');
SELECT * FROM pt_affected_tests('{c:fn:lone:a_c:7-7}', graph => 'bare');
SELECT * FROM pt_affected_tests(NULL);
SELECT * FROM pt_affected_tests('{nobody}');
SELECT * FROM pt_affected_tests('{c:fn:lone:a_c:7-7}', -1);
\set VERBOSITY default

-- random graphs: recursive queries find the same (seed 0.59)
SELECT setseed(0.59);
CREATE FUNCTION wrong(nodes int, edges int) RETURNS TABLE (what text, detail text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	start text[];
	seeds text[];
BEGIN
	DELETE FROM pt_entity;
	DELETE FROM pt_edge;
	INSERT INTO pt_entity (key, name, entity_type, entity_class, file_path, line_start)
	SELECT 'c:fn:' || n || i || ':' || i, CASE WHEN n = 'main' THEN 'main' END, (ARRAY['function', 'struct', 'module', NULL])[1 + i % 4], CASE WHEN random() < 0.1 THEN 'TEST' END, 'f' || i % 5, i
	FROM (SELECT i, CASE WHEN random() < 0.02 THEN 'main' ELSE 'f' END AS n FROM generate_series(1, nodes) AS i) AS s;
	INSERT INTO pt_edge (from_key, to_key, edge_type)
	SELECT f.key, coalesce(t.key, 'c:fn:x:unknown:0-0'), kind FROM (SELECT 1 + floor(random() * nodes) AS x, 1 + floor(random() ^ 2 * nodes * 1.05) AS y, (ARRAY['Calls', 'Uses'])[1 + floor(random() * 2)::int] AS kind FROM generate_series(1, edges)) AS e
	JOIN pt_entity AS f ON f.line_start = x LEFT JOIN pt_entity AS t ON t.line_start = y ON CONFLICT DO NOTHING;
	start := ARRAY(SELECT key FROM pt_entity WHERE name = 'main' OR entity_class = 'TEST');
	RETURN QUERY
	WITH RECURSIVE reach (key) AS (SELECT unnest(start) UNION SELECT to_key FROM reach JOIN pt_edge ON from_key = key),
	count_of AS (SELECT e.key, entity_type, (SELECT count(*) FROM (SELECT DISTINCT from_key FROM pt_edge WHERE to_key = e.key AND from_key <> e.key) AS d) AS n FROM pt_entity AS e),
	want AS (SELECT 'unreachable' AS mode, key, n FROM count_of WHERE key NOT IN (SELECT key FROM reach) AND entity_type IS DISTINCT FROM 'module'
			 UNION ALL SELECT 'unreferenced', key, n FROM count_of WHERE n = 0 AND key <> ALL (start) AND entity_type IS DISTINCT FROM 'module'),
	got AS (SELECT mode, u.key, u.referrers FROM unnest('{unreachable,unreferenced}'::text[]) AS mode, LATERAL pt_unreferenced(mode => mode) AS u)
	(SELECT 'missing ' || mode, key || ' ' || n FROM (TABLE want EXCEPT ALL TABLE got) AS m) UNION ALL
	(SELECT 'surplus ' || mode, key || ' ' || referrers FROM (TABLE got EXCEPT ALL TABLE want) AS m) UNION ALL
	SELECT 'nothing compared', NULL WHERE NOT EXISTS (SELECT FROM want WHERE n > 0) OR NOT EXISTS (SELECT FROM want WHERE mode = 'unreferenced');

	seeds := ARRAY(SELECT key FROM pt_entity ORDER BY random() LIMIT 3);
	RETURN QUERY
	WITH RECURSIVE walk (seed, key, d) AS (
		SELECT k, k, 0 FROM unnest(seeds) AS k UNION SELECT seed, from_key, d + 1 FROM walk JOIN pt_edge ON to_key = key WHERE d < 4),
	want AS (SELECT key, min(d) AS d FROM walk WHERE key IN (SELECT key FROM pt_entity WHERE entity_class = 'TEST') GROUP BY 1),
	got AS (SELECT * FROM pt_affected_tests(seeds, 4))
	(SELECT 'missing test', key FROM (TABLE want EXCEPT ALL SELECT key, distance FROM got) AS m) UNION ALL
	(SELECT 'surplus test', key FROM (SELECT key, distance FROM got EXCEPT ALL TABLE want) AS m) UNION ALL
	SELECT 'nearest', key FROM got WHERE NOT EXISTS (SELECT FROM walk WHERE seed = nearest_key AND walk.key = got.key AND d = distance);
	RETURN QUERY
	WITH want AS (
		SELECT 'entities' AS object, 'local' AS kind, NULL AS method, entity_type AS type, count(*) FROM pt_entity GROUP BY 4
		UNION ALL SELECT 'edges', CASE WHEN to_key ~ 'unknown' THEN 'unresolved' ELSE 'local' END, NULL, edge_type, count(*) FROM pt_edge GROUP BY 2, 4
		UNION ALL SELECT 'sources', 'local', NULL, NULL, count(DISTINCT from_key) FROM pt_edge
		UNION ALL SELECT 'targets', CASE WHEN to_key ~ 'unknown' THEN 'unresolved' ELSE 'local' END, NULL, NULL, count(DISTINCT to_key) FROM pt_edge GROUP BY 2)
	SELECT 'statistics', d::text FROM ((TABLE want EXCEPT ALL SELECT * FROM pt_statistics()) UNION ALL (SELECT * FROM pt_statistics() EXCEPT ALL TABLE want)) AS d;
END $$;
SELECT * FROM wrong(50, 40);
SELECT * FROM wrong(100, 150);
SELECT * FROM wrong(400, 500);
SELECT * FROM wrong(1000, 900);

-- where there are no tests, wrong arguments are as wrong
DELETE FROM pt_entity WHERE pt_is_test(entity_class, entity_type, file_path);
SELECT * FROM pt_affected_tests('{nobody}');
SELECT * FROM pt_affected_tests('{}', -1);
SELECT * FROM pt_affected_tests('{}', avoid => '{NULL}');
SELECT count(*) FROM pt_affected_tests('{nobody}', missing_ok => true);
-- empty tables
DELETE FROM pt_entity;
DELETE FROM pt_edge;
SELECT count(*) FROM pt_unreferenced();
SELECT count(*) FROM pt_unreferenced(mode => 'unreachable');
SELECT * FROM pt_statistics();
RESET parseltongue.graph;
DROP SCHEMA change CASCADE;
