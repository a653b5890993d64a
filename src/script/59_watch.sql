-- ---------------------------------------------------------------------------
-- Who wants to know of changes: NOTIFY after a commit that changes a radius.
--
-- Watches are kept in a table next to the edges, which belongs to their owner, as
-- the triggers do. What is noted for a transaction is in a second one, whose rows
-- no other transaction ever sees.
-- ---------------------------------------------------------------------------

-- Tables of another owner could have triggers that run with the rights of this one.
CREATE FUNCTION _parseltongue.pt_watch_tables(of regclass, OUT edges regclass, OUT watches regclass, OUT touched regclass)
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT _parseltongue.pt_codebase_table(of, 'pt_edge', foreign_ok => true), _parseltongue.pt_codebase_table(of, 'pt_edge_watch', foreign_ok => true),
		   _parseltongue.pt_codebase_table(of, 'pt_edge_touched', foreign_ok => true)
$$;
COMMENT ON FUNCTION _parseltongue.pt_watch_tables(regclass) IS
'Internal: the edges of a codebase, the watches of them, and what a transaction has touched, those of one owner; given any of them.';

CREATE FUNCTION _parseltongue.pt_watch_statement() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION _parseltongue.pt_watch_statement() IS
'Internal: trigger on the edges of a codebase that is watched; passes the targets of changed edges to pt_watch_touch. O(changed edges).';

CREATE FUNCTION _parseltongue.pt_watch_commit() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION _parseltongue.pt_watch_commit() IS
'Internal: deferred trigger on what a transaction has touched; compares a radius before and after it. O(edges touched by two walks).';

CREATE FUNCTION _parseltongue.pt_reached(
	starts text[],
	wanted text[],
	hops bigint DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, distance integer)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION _parseltongue.pt_reached(text[], text[], bigint, text, text[], float8, boolean, regclass) IS
'Internal: those of wanted that pt_multi_source_bfs reaches, without the others, which it would have to name. Errors as of it. O(edges touched).';

-- A watch is no reason for a write to fail, nor to be warned: what cannot be told
-- is told to the listener. That a transaction has to be repeated its writer hears.
CREATE FUNCTION _parseltongue.pt_watch_touch(edges regclass, targets text[], truncated boolean) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET jit = off
SET client_min_messages = error
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_watch_tables(edges);
	any_distance CONSTANT bigint := 9223372036854775807;
	watched text[];
	bound bigint;
	near text[];
	distances integer[];
BEGIN
	IF tables.watches IS NULL OR tables.touched IS NULL THEN
		RETURN;
	END IF;
	IF targets IS NOT NULL THEN
		EXECUTE format('SELECT array_agg(key), max(coalesce(hops, $1)) - 1 FROM %s', tables.watches) INTO watched, bound USING any_distance;
		IF watched IS NULL THEN
			RETURN;
		END IF;
		BEGIN
			SELECT array_agg(r.key), array_agg(r.distance) INTO near, distances
			FROM _parseltongue.pt_reached(targets, watched, bound, min_confidence => 0, missing_ok => true, graph => edges) AS r;
		EXCEPTION WHEN OTHERS THEN
			IF SQLSTATE LIKE '40%' THEN
				RAISE;
			END IF;
			targets := NULL;
		END;
		-- a target may be no node any more
		IF near IS NULL AND NOT targets && watched THEN
			RETURN;
		END IF;
	END IF;
	EXECUTE format($query$
		INSERT INTO %s AS t (xid, channel, key, hops, edge_types, min_confidence, truncated)
		SELECT DISTINCT pg_current_xact_id(), w.channel, w.key, w.hops, w.edge_types, w.min_confidence, $4
		FROM %s AS w LEFT JOIN unnest($2, $3) AS n (node, distance) ON n.node = w.key
		WHERE $1 IS NULL OR w.key = ANY ($1) OR n.distance < coalesce(w.hops, $5)
		ON CONFLICT (xid, channel, key) DO UPDATE SET truncated = true WHERE EXCLUDED.truncated AND NOT t.truncated$query$, tables.touched, tables.watches)
		USING targets, near, distances, truncated, any_distance;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_watch_touch(regclass, text[], boolean) IS
'Internal: note the watches of keys whose radius has an edge with one of these targets (NULL: all watches). O(edges touched by a walk from targets).';

-- Under whatever snapshot: it reads nothing but the graph. To name what is in a
-- large radius would take longer than to walk through it.
CREATE FUNCTION _parseltongue.pt_watch_radius(
	edges regclass, of_key text, hops bigint, edge_types text[], min_confidence float8,
	OUT keys text[], OUT distances integer[], OUT entities bigint, OUT problem text
)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000
SET search_path = pg_catalog, pg_temp
SET jit = off
SET client_min_messages = error
AS $$
DECLARE
	most CONSTANT bigint := 10000;
BEGIN
	SELECT coalesce(array_agg(r.key), '{}'), coalesce(array_agg(r.distance), '{}'), count(*) INTO keys, distances, entities
	FROM @extschema@.pt_blast_radius(of_key, hops, edge_types => edge_types, min_confidence => min_confidence, max_nodes => most + 1, missing_ok => true, graph => edges) AS r;
	IF entities > most THEN
		keys := NULL;
		distances := NULL;
		entities := @extschema@.pt_blast_radius_count(of_key, hops, edge_types => edge_types, min_confidence => min_confidence, missing_ok => true, graph => edges);
	END IF;
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE LIKE '40%' THEN
		RAISE;
	END IF;
	problem := SQLSTATE;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_watch_radius(regclass, text, bigint, text[], float8) IS
'Internal: the radius of what is watched, without keys and distances if it has more than 10,000; or the SQLSTATE of what was wrong.';

CREATE FUNCTION _parseltongue.pt_watch_report(
	of regclass, of_channel text, of_key text,
	keys_before text[], distances_before integer[], entities_before bigint, problem_before text,
	keys_after text[], distances_after integer[], entities_after bigint, problem_after text
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	problem CONSTANT text := coalesce(problem_after, problem_before);
	watched_hops bigint;
	was_truncated boolean;
	entered bigint;
	gone bigint;
	moved bigint;
BEGIN
	EXECUTE format('DELETE FROM %s WHERE xid = pg_current_xact_id() AND channel = $1 AND key = $2 RETURNING truncated, hops', of)
		INTO was_truncated, watched_hops USING of_channel, of_key;
	-- TRUNCATE takes rows from older snapshots, too
	IF was_truncated THEN
		entities_before := NULL;
	ELSIF keys_before IS NOT NULL AND keys_after IS NOT NULL THEN
		SELECT count(*) FILTER (WHERE b.key IS NULL), count(*) FILTER (WHERE a.key IS NULL), count(*) FILTER (WHERE a.distance <> b.distance)
		INTO entered, gone, moved
		FROM unnest(keys_before, distances_before) AS b (key, distance) FULL JOIN unnest(keys_after, distances_after) AS a (key, distance) ON a.key = b.key;
		IF entered + gone + moved = 0 THEN
			RETURN;
		END IF;
	END IF;
	PERFORM pg_notify(of_channel, json_strip_nulls(json_build_object(
		'graph', (SELECT format('%I.pt_edge', nspname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = of),
		'key', of_key, 'hops', watched_hops, 'entities', entities_after, 'before', entities_before, 'entered', entered, 'left', gone, 'moved', moved,
		'problem', problem))::text);
EXCEPTION WHEN OTHERS THEN
	IF SQLSTATE LIKE '40%' THEN
		RAISE;
	END IF;
	PERFORM pg_notify(of_channel, json_build_object('key', of_key, 'problem', SQLSTATE)::text);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_watch_report(regclass, text, text, text[], integer[], bigint, text, text[], integer[], bigint, text) IS
'Internal: NOTIFY, if a radius before a transaction is another one after it, and forget that it was noted.';

CREATE FUNCTION _parseltongue.pt_watch_enable(edges regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = edges);
	home CONSTANT name := (SELECT nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = edges);
	event text;
BEGIN
	IF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of table "%" to have it watched', edges USING ERRCODE = 'insufficient_privilege',
			HINT = format('The owner calls pt_watch first, and grants SELECT, INSERT, UPDATE and DELETE on %I.pt_edge_watch.', home);
	ELSIF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = edges) OR (SELECT relpersistence FROM pg_class WHERE oid = edges) = 't' THEN
		RAISE EXCEPTION 'cannot watch table "%"', edges USING ERRCODE = 'feature_not_supported',
			DETAIL = 'It is temporary, or a partition or child of another table, whose writes do not fire its triggers.';
	END IF;
	EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', edges);
	IF _parseltongue.pt_codebase_table(edges, 'pt_edge_watch') IS NULL THEN
		EXECUTE format($create$
			CREATE TABLE %I.pt_edge_watch (
				channel text NOT NULL CHECK (octet_length(channel) BETWEEN 1 AND 63),
				key text NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 1000),
				hops bigint CHECK (hops > 0),
				edge_types text[],
				min_confidence float8 NOT NULL CHECK (min_confidence BETWEEN 0 AND 1),
				watched_by name NOT NULL DEFAULT current_user,
				watched_at timestamptz NOT NULL DEFAULT now(),
				PRIMARY KEY (channel, key))$create$, home);
		EXECUTE format('COMMENT ON TABLE %I.pt_edge_watch IS %L', home, 'keys whose radius pt_watch has somebody told of; who may write here may watch');
		EXECUTE format('ALTER TABLE %I.pt_edge_watch OWNER TO %s', home, owner);
	END IF;
	IF _parseltongue.pt_codebase_table(edges, 'pt_edge_touched') IS NULL THEN
		EXECUTE format('CREATE UNLOGGED TABLE %I.pt_edge_touched (xid xid8 NOT NULL, channel text NOT NULL, key text NOT NULL, '
			'hops bigint, edge_types text[], min_confidence float8 NOT NULL, truncated boolean NOT NULL, PRIMARY KEY (xid, channel, key))', home);
		EXECUTE format('COMMENT ON TABLE %I.pt_edge_touched IS %L', home, 'what a transaction that has not committed yet has touched; empty otherwise');
		EXECUTE format('ALTER TABLE %I.pt_edge_touched OWNER TO %s', home, owner);
	END IF;
	IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('%I.pt_edge_touched', home)::regclass AND tgname = 'pt_edge_watch_commit') THEN
		EXECUTE format('CREATE CONSTRAINT TRIGGER pt_edge_watch_commit AFTER INSERT ON %I.pt_edge_touched DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION _parseltongue.pt_watch_commit()', home);
	END IF;
	FOREACH event IN ARRAY '{insert,update,delete,truncate}'::text[] LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER pt_edge_watch_%1$s AFTER %1$s ON %2$s%3$s FOR EACH STATEMENT EXECUTE FUNCTION _parseltongue.pt_watch_statement()', event, edges,
			nullif(concat(' REFERENCING', CASE WHEN event IN ('update', 'delete') THEN ' OLD TABLE AS old_edges' END,
						  CASE WHEN event IN ('insert', 'update') THEN ' NEW TABLE AS new_edges' END), ' REFERENCING'));
	END LOOP;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_watch_enable(regclass) IS
'Internal: make the tables and triggers by which a codebase is watched, those that are missing. Locks out writers.';

CREATE FUNCTION _parseltongue.pt_watch_is_enabled(edges regclass) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT watches IS NOT NULL AND touched IS NOT NULL
		AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = touched AND tgname = 'pt_edge_watch_commit')
		AND (SELECT count(*) = 4 FROM pg_trigger WHERE tgrelid = t.edges AND tgname ~ '^pt_edge_watch_(insert|update|delete|truncate)$')
	FROM _parseltongue.pt_watch_tables(edges) AS t
$$;
COMMENT ON FUNCTION _parseltongue.pt_watch_is_enabled(regclass) IS
'Internal: whether a codebase has the tables and triggers by which it is watched.';

CREATE FUNCTION @extschema@.pt_watch(
	keys text[],
	hops bigint DEFAULT 3,
	channel text DEFAULT 'parseltongue',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	watches regclass := _parseltongue.pt_codebase_table(edges, 'pt_edge_watch');
	trusted CONSTANT float8 := _parseltongue.pt_trusted(min_confidence);
	spelt text[];
	too_long text;
BEGIN
	IF keys IS NULL THEN
		RAISE EXCEPTION 'keys must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF array_position(keys, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'keys must not contain NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF array_position(edge_types, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'edge_types must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the types to follow, or pass NULL instead of an array for all.';
	ELSIF channel IS NULL THEN
		RAISE EXCEPTION 'channel must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF octet_length(channel) NOT BETWEEN 1 AND 63 THEN
		RAISE EXCEPTION 'invalid channel: "%"', left(channel, 100) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a name of 1 to 63 bytes.';
	ELSIF hops < 1 THEN
		RAISE EXCEPTION 'hops must be positive: %', hops USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use 1 or more, or NULL for any distance.';
	END IF;
	PERFORM _parseltongue.pt_require_columns(edges, '{from_key,to_key,edge_type,confidence}');
	-- As in pt_unwatch: first the watches, then the edges.
	IF watches IS NOT NULL THEN
		EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', watches);
	END IF;
	-- that they exist, and as the edges spell them
	PERFORM count(*) FROM @extschema@.pt_impact(keys, 0, edge_types => edge_types, missing_ok => missing_ok, graph => edges) WHERE keys <> '{}';
	spelt := ARRAY(SELECT DISTINCT coalesce((SELECT n.node FROM @extschema@.pt_multi_source_bfs(edges, ARRAY[k], 0, missing_ok => true) AS n), k) FROM unnest(keys) AS k);
	too_long := (SELECT k FROM unnest(spelt) AS k WHERE octet_length(k) > 1000 LIMIT 1);
	IF too_long IS NOT NULL THEN
		RAISE EXCEPTION 'key has % bytes, more than 1000: "%"', octet_length(too_long), left(too_long, 100) USING ERRCODE = 'program_limit_exceeded',
			DETAIL = 'A notification has to hold it.';
	END IF;
	IF watches IS NULL THEN
		PERFORM _parseltongue.pt_watch_enable(edges);
		watches := _parseltongue.pt_codebase_table(edges, 'pt_edge_watch');
	END IF;
	-- pt_unwatch locks this table before it looks whether it is empty
	EXECUTE format($query$
		INSERT INTO %s AS w (channel, key, hops, edge_types, min_confidence) SELECT $1, k, $2, $3, $4 FROM unnest($5) AS k ORDER BY k
		ON CONFLICT ON CONSTRAINT pt_edge_watch_pkey DO UPDATE SET hops = EXCLUDED.hops, edge_types = EXCLUDED.edge_types, min_confidence = EXCLUDED.min_confidence,
			watched_by = EXCLUDED.watched_by, watched_at = EXCLUDED.watched_at$query$, watches)
		USING channel, hops, edge_types, trusted, spelt;
	IF NOT _parseltongue.pt_watch_is_enabled(edges) THEN
		PERFORM _parseltongue.pt_watch_enable(edges);
	END IF;
	RETURN cardinality(spelt);
END $$;
COMMENT ON FUNCTION @extschema@.pt_watch(text[], bigint, text, text[], float8, boolean, regclass) IS
'NOTIFY on channel, with JSON, after each commit that changes the radius of one of keys: what depends on it within hops (NULL: any distance), and how far away it is. Again for a key and channel: replaces the watch. Returns how many keys. Errors: 42704 no such key unless missing_ok, 22004, 22023 bad argument, 54000 key of more than 1000 bytes, 42501 neither the owner nor granted it, 42P07 another relation has such a name, 0A000 a partition, 42809 not a codebase. The first one locks out writers for a moment.';

CREATE FUNCTION @extschema@.pt_unwatch(
	keys text[] DEFAULT NULL,
	channel text DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	watches CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_edge_watch');
	is_owner CONSTANT boolean := pg_has_role((SELECT relowner FROM pg_class WHERE oid = edges), 'USAGE');
	removed bigint;
	any_left boolean;
	event text;
BEGIN
	IF watches IS NULL THEN
		RETURN 0;
	END IF;
	-- Before anything is deleted: two that did so first would wait for each other.
	IF is_owner THEN
		EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', watches);
	END IF;
	EXECUTE format('DELETE FROM %s AS w WHERE ($1 IS NULL OR w.key = ANY ($1)) AND ($2 IS NULL OR w.channel = $2)', watches)
		USING keys || _parseltongue.pt_respell(keys, edges), channel;
	GET DIAGNOSTICS removed = ROW_COUNT;
	IF is_owner THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s)', watches) INTO any_left;
		FOREACH event IN ARRAY CASE WHEN any_left THEN '{}' ELSE '{insert,update,delete,truncate}' END::text[] LOOP
			IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = edges AND tgname = 'pt_edge_watch_' || event) THEN
				EXECUTE format('DROP TRIGGER pt_edge_watch_%s ON %s', event, edges);
			END IF;
		END LOOP;
	END IF;
	RETURN removed;
END $$;
COMMENT ON FUNCTION @extschema@.pt_unwatch(text[], text, regclass) IS
'Forget watches that pt_watch has made: of keys (NULL: all), on channel (NULL: all). Returns how many. When none is left the triggers go, if the owner of the edges calls: that waits for who reads or writes them. Errors: 42501 no right to, 42P07 their table is not owned by the owner of the edges, 42809 not a codebase.';

CREATE FUNCTION @extschema@.pt_watches(graph regclass DEFAULT NULL)
RETURNS TABLE (channel text, key text, hops bigint, edge_types text[], min_confidence float8, watched_by name, watched_at timestamptz, enabled boolean)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	watches CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_edge_watch');
BEGIN
	IF watches IS NOT NULL THEN
		RETURN QUERY EXECUTE format('SELECT w.*, $1 FROM %s AS w ORDER BY w.channel COLLATE "C", w.key COLLATE "C"', watches)
			USING _parseltongue.pt_watch_is_enabled(edges);
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_watches(regclass) IS
'The watches of a codebase. enabled: false where its triggers are missing, as after the restoring of a dump of the extension''s own tables; pt_watch makes them. Errors: 42501 no right to read them, 42P07 their table is not owned by the owner of the edges, so that nobody is told, 42809 not a codebase.';
