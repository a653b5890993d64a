--
-- pt_resolve_references in files that are modules: what these pass on, what their variables are of,
-- and what functions give, written down by hand.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve_passed;
SET search_path = pt_resolve_passed, public;
SELECT pt_create_codebase('pt_passed');
SET parseltongue.graph = 'pt_passed.pt_edge';

-- Entities are "FILE SCOPE.NAME TYPE {PROPERTIES}", of the type file "FILE - file {FIELDS}"; the line is their number.
CREATE PROCEDURE given(language text, entities text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO pt_passed.pt_entity (key, name, entity_type, language, file_path, line_start, properties)
		SELECT format('%s:%s:%s:%s:%s-%s', language, w[3], replace(w[2], '-', 'file'), w[1], n, n), regexp_replace(w[2], '^.*\.', ''), w[3], language, w[1], n,
			jsonb_strip_nulls(jsonb_build_object('scope', substring(w[2] FROM '^(.*)\.[^.]*$'), 'qualified', CASE w[3] WHEN 'file' THEN true END))
				|| CASE w[3] WHEN 'file' THEN jsonb_build_object('fields', coalesce(w[4], '{}')::jsonb) ELSE coalesce(w[4], '{}')::jsonb END
		FROM regexp_split_to_table(btrim(entities, E'\n\t '), E'\\s*\n\\s*') WITH ORDINALITY AS e (line, n), regexp_match(line, '^(\S+) (\S+) (\S+) ?(.*)?$') AS m, LATERAL (SELECT ARRAY[m[1], m[2], m[3], nullif(m[4], '')]) AS v (w);
END $$;
-- What "FILE SCOPE.NAME" calls, and what that means: lines with the method; nothing where nothing is guessed.
CREATE TABLE meant (number serial, source text, name text, target text);
CREATE PROCEDURE means(language text, source text, refs text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO meant (source, name, target) SELECT (SELECT key FROM pt_passed.pt_entity e WHERE file_path = split_part(source, ' ', 1) AND key LIKE format('%%:%s:%%', split_part(source, ' ', 2)) ORDER BY line_start LIMIT 1),
		format('%s:fn:%s:unresolved-reference:0-0', language, split_part(r, ' > ', 1)), nullif(split_part(r, ' > ', 2), '') FROM regexp_split_to_table(btrim(refs, E'\n\t '), E'\\s*\n\\s*') r;
END $$;
CREATE VIEW found AS
	SELECT m.number, m.name, m.target AS meant, (SELECT string_agg(format('%s %s %s', e2.line_start, e.method, e.confidence), ', ' ORDER BY e2.line_start)
		FROM pt_passed.pt_edge e JOIN pt_passed.pt_entity e2 ON e2.key = e.to_key
		WHERE e.from_key = m.source AND e.reference_key = m.name AND e.edge_type = 'Calls ' || m.number || ' (resolved)') AS found FROM meant m;

-- TypeScript: a package whose index passes on, by name, as another name, as a whole, and what others pass on
CALL given('typescript', $$
	ts/index.ts - file {"*./ts/api": "=./ts/api::", "all": "=./ts/api::", "made": "=./ts/core::make", "*./ts/gone": "=./ts/gone::", "default": "=./ts/core::Core", "x": "=./ts/index::x"}
	ts/api.ts - file {"*./ts/core": "=./ts/core::", "*./ts/round": "=./ts/round::", "inner": "=hidden"}
	ts/api.ts hidden function
	ts/round.ts - file {"*./ts/api": "=./ts/api::"}
	ts/round.ts last function
	ts/core.ts - file {"config": "Config", "Core": "Factory", "Alias": "=Core", "default": "=make", "plain": "Gone"}
	ts/core.ts Core class
	ts/core.ts Core.run method {"returns": "this"}
	ts/core.ts Core.stop method {"returns": "Core"}
	ts/core.ts Special class
	ts/core.ts Special.more method
	ts/core.ts Config interface {"fields": {"core": "Core"}}
	ts/core.ts Factory interface
	ts/core.ts Factory.init method
	ts/core.ts make function {"returns": "Core", "fields": {"@0@1": "Core", "@1@0": "Config"}}
	ts/core.ts parse function {"fields": {"status": "Core"}}
	ts/core.ts Type typedef {"returns": "Special"}
	ts/core.ts Round typedef {"returns": "Round"}
	ts/core.ts Twice interface
	ts/core.ts Twice.init method
	ts/core.ts Twice function
	ts/core.ts Twice.init function
	ts/core.ts Special.constructor method {"fields": {"@0@0": "Config"}}
	ts/deep/lone.ts - file
	ts/deep/lone.ts lone function
	ts/use.ts - file
	ts/use.ts use function
	ts/core.ts chained function {"returns": "Special.run().core"}
$$);
INSERT INTO pt_passed.pt_edge (from_key, to_key, edge_type, source_location)
	VALUES ('typescript:class:Special:ts/core.ts:10-10', 'typescript:type:Core:unresolved-reference:0-0', 'Extends', 'ts/core.ts:10');
CALL means('typescript', 'ts/use.ts use', $$
	./ts::make > 15 module 0.99
	./ts::made > 15 module 0.99
	./ts::last > 5 module 0.99
	./ts::inner > 3 module 0.99
	./ts::hidden > 3 module 0.99
	./ts::nothing > 7 export 0.97
	./ts::x
	./ts::all.make > 15 module 0.99
	./ts::all.hidden > 3 module 0.99
	./ts::unlike.run > 8 member 0.99
	./ts/round::make > 15 module 0.99
	./ts/core::unlike > 15 export 0.97
	./ts/core::config.core.run > 8 member 0.99
	./ts/core::config.core.gone
	./ts/core::config
	./ts/core::plain.run
	./ts::config.core.stop > 9 member 0.99
	./ts::Core.run > 8 member 0.99
	./ts::Core.init > 14 member 0.99
	./ts/core::Alias.run > 8 member 0.99
	./ts/core::Special.run().more > 11 member 0.99
	./ts/core::Special.stop().more
	./ts/core::Special.stop().run > 8 member 0.99
	./ts/core::make().run().stop > 9 member 0.99
	./ts/core::make.@0@1.run > 8 member 0.99
	./ts::made.@1@0.core.run > 8 member 0.99
	./ts/core::make.@1@1.stop > 9 folder 0.30
	./ts/core::Special.constructor.@0@0.core.stop > 9 member 0.99
	./ts/core::parse().status.run > 8 member 0.99
	./ts/core::parse().other.run
	./ts/core::Type.more > 11 member 0.99
	./ts/core::Type.run > 8 inherited 0.98
	./ts/core::Round.run
	./ts/core::Twice.init > 20 member 0.99
	./ts/core::Twice > 21 module 0.99
	./ts::lone > 25 export 0.97
$$);
-- Python: all names of a module by *, in this file and for others; names of one word and of several
CALL given('python', $$
	py/__init__.py - file {"*./py/core": "=./py/core::", "Renamed": "=./py/core::Job", "job": "./py/core::Job"}
	py/core.py - file {"*./py/deep": "=./py/deep::"}
	py/core.py Job class
	py/core.py Job.run method {"returns": "this"}
	py/core.py Job.run_all_of_it method
	py/core.py Job.stop method
	py/deep.py - file
	py/deep.py below function
	py/use.py - file {"*./py": "=./py::"}
	py/use.py use function
	app/other.py - file
	app/other.py other function
	app/other.py Long class
	app/other.py Long.a_long_name method
$$);
CALL means('python', 'py/use.py use', $$
	below > 8 scope 0.99
	Renamed.run > 4 member 0.99
	job.run().stop > 6 member 0.99
	./py::job.stop > 6 member 0.99
	py::below > 8 module 0.99
	nothing
	default.run > 4 folder 0.09
	?.run_all_of_it > 5 folder 0.90
	?.stop > 6 folder 0.09
	?.a_long_name > 14 unique 0.88
$$);
CALL means('python', 'app/other.py other', $$
	below
	?.run_all_of_it > 5 unique 0.88
	?.stop > 6 unique 0.02
$$);
INSERT INTO pt_passed.pt_edge (from_key, to_key, edge_type) SELECT source, name, 'Calls ' || number FROM meant;
SELECT count(*) FROM pt_resolve_references();
SELECT * FROM found WHERE found IS DISTINCT FROM meant ORDER BY number;
SELECT count(*) FROM found WHERE found IS NOT NULL;

-- what leads back to itself leads nowhere, and that is known: what has not changed need not be resolved again
SELECT everything FROM pt_resolve_changed();
SELECT everything FROM pt_resolve_changed();

DROP SCHEMA pt_resolve_passed CASCADE;
SELECT pt_drop_codebase('pt_passed');
