--
-- SECURITY DEFINER functions and the default graph: what runs with an owner's
-- rights does not follow the setting of whoever calls.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
SET search_path = public;
TRUNCATE pt_entity, pt_edge;

CREATE ROLE regress_pt_owner;
CREATE ROLE regress_pt_second;
CREATE ROLE regress_pt_caller;
CREATE SCHEMA pt_definer;
GRANT USAGE ON SCHEMA pt_definer TO PUBLIC;
GRANT CREATE ON SCHEMA pt_definer TO regress_pt_owner, regress_pt_second;
GRANT SELECT ON pt_edge, pt_entity TO PUBLIC;
INSERT INTO pt_edge (from_key, to_key) VALUES ('k', 'the extension''s');

SET ROLE regress_pt_owner;
CREATE TABLE pt_definer.secret (a text, b text);
CREATE INDEX ON pt_definer.secret USING adjacency (a, b);
INSERT INTO pt_definer.secret VALUES ('k', 'secret');
CREATE TABLE pt_definer.chosen (a text, b text);
CREATE INDEX chosen_graph ON pt_definer.chosen USING adjacency (a, b);
INSERT INTO pt_definer.chosen VALUES ('k', 'chosen');
SET search_path = pt_definer, public;

-- What the default graph has, as told by each kind of function.
CREATE FUNCTION invoker() RETURNS text LANGUAGE sql AS $$ SELECT key FROM public.pt_blast_radius('k', NULL, 'out') $$;
CREATE FUNCTION definer() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT key FROM public.pt_blast_radius('k', NULL, 'out') $$;
CREATE FUNCTION definer_plpgsql() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT key FROM public.pt_blast_radius('k', NULL, 'out')); END $$;
-- through an invoker's function, and through pt_default_graph as an argument
CREATE FUNCTION definer_nested() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT pt_definer.invoker() $$;
CREATE FUNCTION definer_named() RETURNS text LANGUAGE sql SECURITY DEFINER AS
	$$ SELECT key FROM public.pt_blast_radius('k', NULL, 'out', graph => public.pt_default_graph()) $$;
-- which the function itself chooses: by a clause, for the transaction, for its own length
CREATE FUNCTION definer_clause() RETURNS text LANGUAGE sql SECURITY DEFINER SET parseltongue.graph = 'pt_definer.chosen' AS
	$$ SELECT key FROM public.pt_blast_radius('k', NULL, 'out') $$;
CREATE FUNCTION definer_clause_nested() RETURNS text LANGUAGE sql SECURITY DEFINER SET parseltongue.graph = 'pt_definer.chosen_graph' AS
	$$ SELECT pt_definer.invoker() $$;
CREATE FUNCTION definer_empty() RETURNS text LANGUAGE sql SECURITY DEFINER SET parseltongue.graph = '' AS
	$$ SELECT key FROM public.pt_blast_radius('k', NULL, 'out') $$;
CREATE FUNCTION definer_local() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET parseltongue.graph = '' AS $$
BEGIN
	SET LOCAL parseltongue.graph = 'pt_definer.chosen';
	RETURN (SELECT key FROM public.pt_blast_radius('k', NULL, 'out'));
END $$;
CREATE FUNCTION definer_config() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET parseltongue.graph = '' AS $$
BEGIN
	PERFORM set_config('parseltongue.graph', 'pt_definer.chosen', true);
	RETURN (SELECT key FROM public.pt_blast_radius('k', NULL, 'out'));
END $$;
-- A setting that is rolled back inside is the caller's again, and does not count.
CREATE FUNCTION definer_rolled_back() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	BEGIN
		SET LOCAL parseltongue.graph = 'pt_definer.chosen';
		RAISE EXCEPTION 'back';
	EXCEPTION WHEN raise_exception THEN
	END;
	RETURN (SELECT key FROM public.pt_blast_radius('k', NULL, 'out'));
END $$;
CREATE FUNCTION definer_reset() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET parseltongue.graph = 'pt_definer.chosen' AS $$
BEGIN
	RESET parseltongue.graph;
	RETURN (SELECT key FROM public.pt_blast_radius('k', NULL, 'out'));
END $$;
CREATE FUNCTION definer_trigger() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	NEW.found := (SELECT key FROM public.pt_blast_radius('k', NULL, 'out'));
	RETURN NEW;
END $$;
CREATE TABLE triggered (found text);
CREATE TRIGGER definer_trigger BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION definer_trigger();
GRANT INSERT, SELECT ON triggered TO PUBLIC;
-- what else goes by the default graph
CREATE FUNCTION definer_others(OUT default_graph text, OUT tables text, OUT listed text, OUT index text, OUT found text) LANGUAGE sql SECURITY DEFINER AS $$
	SELECT public.pt_default_graph()::text, _parseltongue.pt_graph_tables()::text, (SELECT string_agg(name, ' ') FROM public.pt_codebases() WHERE is_default),
		(public.pt_graph_status()).index::text, (SELECT string_agg(key, ' ') FROM public.pt_search('codebase_entity')) $$;
-- in another owner's function, his caller is the first one's
SET ROLE regress_pt_second;
CREATE FUNCTION second() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT key FROM public.pt_blast_radius('k', NULL, 'out') $$;
SET ROLE regress_pt_owner;
CREATE FUNCTION definer_calls_second() RETURNS text LANGUAGE sql SECURITY DEFINER SET parseltongue.graph = 'pt_definer.chosen' AS $$ SELECT pt_definer.second() || ' and ' || pt_definer.definer() $$;
-- a view lends its owner's rights to tables, not to functions
CREATE VIEW viewed AS SELECT key FROM public.pt_blast_radius('k', NULL, 'out');
GRANT SELECT ON viewed TO PUBLIC;
RESET ROLE;

CREATE FUNCTION outcome(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
	EXECUTE command INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION ask() RETURNS TABLE (function text, answer text) LANGUAGE sql AS $$
	SELECT f, outcome(format('SELECT pt_definer.%I()', f))
	FROM unnest('{invoker,definer,definer_plpgsql,definer_nested,definer_named,definer_rolled_back,definer_reset,definer_empty,definer_clause,definer_clause_nested,definer_local,definer_config,definer_calls_second}'::text[]) WITH ORDINALITY AS u (f, n)
	UNION ALL SELECT 'viewed', outcome('SELECT * FROM pt_definer.viewed')
$$;

-- without a setting
SET ROLE regress_pt_caller;
SELECT * FROM ask();
-- with the caller's: by SET, by SET LOCAL, by set_config, by a clause of an invoker's function
SET parseltongue.graph = 'pt_definer.secret';
SELECT * FROM ask();
INSERT INTO triggered DEFAULT VALUES RETURNING found;
RESET parseltongue.graph;
BEGIN;
SET LOCAL parseltongue.graph = 'pt_definer.secret';
SELECT definer(), definer_clause();
SAVEPOINT s;
SET LOCAL parseltongue.graph = '';
ROLLBACK TO s;
SELECT definer(), definer_clause();
COMMIT;
SELECT set_config('parseltongue.graph', 'pt_definer.secret', false), definer();
RESET ROLE;
CREATE FUNCTION clause() RETURNS text LANGUAGE sql SET parseltongue.graph = 'pt_definer.secret' AS $$ SELECT pt_definer.definer() $$;
SET ROLE regress_pt_caller;
RESET parseltongue.graph;
SELECT clause();

-- Whoever the caller is: the owner himself, a superuser, the owner by SET ROLE
-- before the caller comes back, another session user.
SET ROLE regress_pt_owner;
SET parseltongue.graph = 'pt_definer.secret';
SELECT * FROM ask();
RESET ROLE;
SELECT definer(), second(), invoker();
SET ROLE regress_pt_caller;
SELECT definer(), second(), outcome('SELECT pt_definer.invoker()');
RESET ROLE;
SET SESSION AUTHORIZATION regress_pt_caller;
SELECT definer(), second(), outcome('SELECT pt_definer.invoker()');
RESET SESSION AUTHORIZATION;

-- what else goes by the default graph
SELECT pt_create_codebase('pt_definer_code');
INSERT INTO pt_definer_code.pt_entity (key) VALUES ('codebase_entity');
GRANT USAGE ON SCHEMA pt_definer_code TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA pt_definer_code TO PUBLIC;
SET parseltongue.graph = 'pt_definer_code.pt_edge';
SELECT * FROM definer_others();
-- whom it trusts is the caller's choice, as it is of what is its own
CREATE FUNCTION definer_trust() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT current_setting('parseltongue.min_confidence') || ' ' || _parseltongue.pt_trusted(NULL) $$;
SET parseltongue.min_confidence = 0.9;
SELECT definer_trust();
RESET parseltongue.min_confidence;
SELECT _parseltongue.pt_default_graph_if_any(), (SELECT string_agg(name, ' ') FROM pt_codebases() WHERE is_default);
SET parseltongue.graph = 'pt_nowhere.pt_edge';
SELECT * FROM definer_others();
SELECT _parseltongue.pt_default_graph_if_any(), (SELECT string_agg(name, ' ') FROM pt_codebases() WHERE is_default);
-- one of its own
CREATE FUNCTION writer() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET parseltongue.graph = 'pt_definer_code.pt_edge' AS $$ SELECT public.pt_insert_edge('own', 'edge') $$;
CREATE FUNCTION misled() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT public.pt_insert_edge('misled', 'edge') $$;
SELECT writer(), misled();
SET parseltongue.graph = 'pt_definer_code.pt_edge';
SELECT misled();
SELECT 'public' AS "in", from_key FROM public.pt_edge UNION ALL SELECT 'pt_definer_code', from_key FROM pt_definer_code.pt_edge ORDER BY 1, 2;
RESET parseltongue.graph;

-- A materialized view is refreshed with its owner's rights, whoever does it.
SET ROLE regress_pt_owner;
CREATE MATERIALIZED VIEW materialized AS SELECT key FROM public.pt_blast_radius('k', NULL, 'out');
SET parseltongue.graph = 'pt_definer.secret';
REFRESH MATERIALIZED VIEW materialized;
SELECT * FROM materialized;
RESET ROLE;
REFRESH MATERIALIZED VIEW materialized;
SELECT * FROM materialized;
RESET parseltongue.graph;

-- With the setting from where a session begins: the role's, the database's.
ALTER ROLE regress_pt_caller SET parseltongue.graph = 'pt_definer.secret';
ALTER ROLE regress_pt_owner SET parseltongue.graph = 'pt_definer.secret';
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET parseltongue.graph = %L', current_database(), 'pt_definer.secret'); END $$;
\c -
SHOW parseltongue.graph;
SET client_min_messages = warning;
SET search_path = pt_definer, public;
SELECT * FROM ask();
SET ROLE regress_pt_caller;
SELECT * FROM ask();
SET parseltongue.graph = 'pt_definer.secret';
RESET parseltongue.graph;
SELECT definer(), definer_clause();
RESET ROLE;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET parseltongue.graph', current_database()); END $$;

-- The first call of a session loads the library, where it is not preloaded: what
-- was set before that is judged alike.
\c -
SET search_path = pt_definer, public;
SET ROLE regress_pt_caller;
SET parseltongue.graph = 'pt_definer.secret';
SELECT definer();
SELECT definer_clause(), definer();
\c -
SET search_path = pt_definer, public;
SET ROLE regress_pt_caller;
SET parseltongue.graph = 'pt_definer.secret';
SELECT definer_clause();
SELECT definer(), definer_clause_nested();
\c -
SET search_path = pt_definer, public;
SET ROLE regress_pt_caller;
BEGIN;
SET parseltongue.graph = 'pt_definer.secret';
SET LOCAL parseltongue.graph = 'pt_definer.secret';
SELECT definer_calls_second();
COMMIT;
SELECT definer(), outcome('SELECT pt_definer.invoker()');
RESET parseltongue.graph;
SELECT definer();
-- in parallel queries, too
\c -
SET client_min_messages = warning;
SET search_path = pt_definer, public;
CREATE TABLE many AS SELECT g FROM generate_series(1, 1000) AS g;
CREATE FUNCTION in_parallel() RETURNS TABLE (graph text, n bigint) LANGUAGE sql SECURITY DEFINER
	SET parseltongue.graph = 'pt_definer.chosen' SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 SET min_parallel_table_scan_size = 0 AS
	$$ SELECT public.pt_default_graph()::text, count(*) FROM pt_definer.many WHERE public.pt_default_graph() <> g::oid GROUP BY 1 $$;
SELECT * FROM in_parallel();

SET search_path = public;
DROP SCHEMA pt_definer CASCADE;
SELECT pt_drop_codebase('pt_definer_code');
REVOKE SELECT ON pt_edge, pt_entity FROM PUBLIC;
TRUNCATE pt_entity, pt_edge;
DROP ROLE regress_pt_owner, regress_pt_second, regress_pt_caller;
