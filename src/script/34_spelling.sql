
-- ---------------------------------------------------------------------------
-- One entity, several spellings of its key.
--
-- An exporter may write the key of a function one way where it lists entities
-- and another way in edges, so that no edge is anybody's. Keys of edges that are
-- no entity's are replaced by the key of the entity that they mean, where
-- exactly one fits.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_key_file_bucket(key text) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_key_file_bucket(text) IS
'Internal: a number that a key shares with all keys whose file may be another spelling of its own; NULL if it names none. O(length).';

CREATE FUNCTION _parseltongue.pt_key_bucket(key text) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION _parseltongue.pt_key_bucket(text) IS
'Internal: a number that a key shares with all that may be another spelling of it; NULL if it names no file. O(length).';

CREATE FUNCTION _parseltongue.pt_key_buckets(key text, line_start integer DEFAULT NULL, line_end integer DEFAULT NULL) RETURNS bigint[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2;
COMMENT ON FUNCTION _parseltongue.pt_key_buckets(text, integer, integer) IS
'Internal: pt_key_bucket; a mask of the kinds of places that are known of it, lines, birth timestamp, hash or another; and for each of these a number that it shares with keys of the same place. line_start, line_end: of an entity. NULL if the key names no file. O(length).';

CREATE FUNCTION _parseltongue.pt_key_fits(key text, entity_key text, file_path text, same_place boolean) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 3;
COMMENT ON FUNCTION _parseltongue.pt_key_fits(text, text, text, boolean) IS
'Internal: can a key be another spelling of the key of an entity in this file (NULL: unknown)? Language, class of type, name and file agree as far as both keys tell them. Places are not compared; same_place: they are known to be the same, which tells methods of a name apart. O(length).';

CREATE FUNCTION _parseltongue.pt_spelling_query(keys text, entities regclass) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($q$
	WITH loose AS MATERIALIZED (
		SELECT key, _parseltongue.pt_key_buckets(key) AS b
		FROM (SELECT DISTINCT key COLLATE "C" AS key FROM (%1$s) AS k (key)
			  WHERE @extschema@.pt_key_kind(key) IN ('local', 'file') AND NOT EXISTS (SELECT FROM %2$s AS e WHERE e.key = k.key)) AS k
	), near AS MATERIALIZED (
		-- the table is not read where nothing is looked for
		SELECT key, file_path AS path, _parseltongue.pt_key_buckets(key, line_start, line_end) AS b
		FROM %2$s
		WHERE (SELECT count(b) FROM loose) > 0 AND _parseltongue.pt_key_bucket(key) IN (SELECT l.b[1] FROM loose AS l)
	), pair AS (
		SELECT DISTINCT l.key, n.key AS entity, path, true AS same_place
		FROM (SELECT key, unnest(b[3:]) AS place FROM loose) AS l
			JOIN (SELECT key, path, unnest(b[3:]) AS place FROM near) AS n USING (place)
		WHERE _parseltongue.pt_key_fits(l.key, n.key, path, true)
		UNION ALL
		SELECT l.key, n.key, path, false
		FROM loose AS l JOIN near AS n ON n.b[1] = l.b[1]
		WHERE l.b[2] & n.b[2] = 0 AND _parseltongue.pt_key_fits(l.key, n.key, path, false)
	), meant AS (
		SELECT key,
			   CASE WHEN count(*) FILTER (WHERE same_place) = 1 THEN max(entity) FILTER (WHERE same_place)
					WHEN count(*) FILTER (WHERE same_place) = 0 AND count(*) = 1 THEN max(entity) END AS entity,
			   bool_and(coalesce(path, '') = '' AND @extschema@.pt_key_path(entity) !~ '[./\\]') AS uncertain,
			   CASE WHEN @extschema@.pt_key_path(key) ~ '[./\\]'
					THEN _parseltongue.pt_normal_path(@extschema@.pt_key_path(key)) END AS path
		FROM pair GROUP BY key
	)
	-- Of __src_a_b_rs nobody knows which of two files it is.
	SELECT key, entity
	FROM (SELECT key, entity, uncertain AND min(path) OVER w <> max(path) OVER w AS ambiguous
		  FROM meant WHERE entity IS NOT NULL WINDOW w AS (PARTITION BY entity)) AS o
	WHERE ambiguous IS NOT TRUE $q$, keys, entities)
$$;
COMMENT ON FUNCTION _parseltongue.pt_spelling_query(text, regclass) IS
'Internal: a query for the keys that are no entity''s but another spelling of exactly one entity''s, and that one (key, entity). keys: a query for keys, maybe repeated; entities: the table. O(n log n) for n such keys with the index pt_entity_spelling; without it, or for many keys, the table is read once, if there is a key that is no entity''s.';

-- It is made anew by whatever version changes what pt_key_bucket returns.
SELECT _parseltongue.pt_make_index('pt_entity_spelling', '@extschema@.pt_entity', 'btree (_parseltongue.pt_key_bucket(key))');
COMMENT ON INDEX @extschema@.pt_entity_spelling IS 'entities by what all spellings of their keys have in common';

CREATE FUNCTION _parseltongue.pt_spellings(keys text[], entities regclass) RETURNS TABLE (key text, entity text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
BEGIN
	RETURN QUERY EXECUTE _parseltongue.pt_spelling_query('SELECT unnest($1)', entities) USING keys;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_spellings(text[], regclass) IS
'Internal: of these keys those that pt_spelling_query finds.';

CREATE FUNCTION _parseltongue.pt_respell(keys text[], graph regclass) RETURNS text[]
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION _parseltongue.pt_respell(text[], regclass) IS
'Internal: keys as walks take them: one that is on no edge and no entity''s, but another spelling of exactly one entity''s, is replaced by that one, if the caller may read the entities. NULLs stay. Errors as of a walk. O(keys), and a query for those on no edge.';

CREATE FUNCTION _parseltongue.pt_join_keys(keys text[], edges regclass, entities regclass) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
DECLARE
	-- A table may have more columns than an edge needs.
	columns CONSTANT text := (
		SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = edges AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
		  AND attname NOT IN ('from_key', 'to_key'));
	joined bigint;
BEGIN
	IF coalesce(cardinality(keys), 0) = 0 THEN
		RETURN 0;
	END IF;
	-- In key order, as everybody locks edges. Of edges that become one a fact
	-- stays before a guess, a better guess before another, and a place is kept.
	EXECUTE format($q$
	WITH spelling AS MATERIALIZED (
		%3$s
	), stated AS MATERIALIZED (
		SELECT d.*, coalesce(f.entity, d.from_key) AS new_from, coalesce(t.entity, d.to_key) AS new_to
		FROM %1$s AS d LEFT JOIN spelling AS f ON f.key = d.from_key LEFT JOIN spelling AS t ON t.key = d.to_key
		WHERE f.key IS NOT NULL OR t.key IS NOT NULL
		ORDER BY d.from_key COLLATE "C", d.to_key COLLATE "C", d.edge_type COLLATE "C"
		FOR UPDATE OF d
	), gone AS (
		DELETE FROM %1$s AS e USING stated AS s
		WHERE e.from_key = s.from_key AND e.to_key = s.to_key AND e.edge_type = s.edge_type
		RETURNING s.*
	), put AS (
		INSERT INTO %1$s AS e (from_key, to_key, %2$s) OVERRIDING SYSTEM VALUE
		SELECT DISTINCT ON (new_from COLLATE "C", new_to COLLATE "C", edge_type COLLATE "C") new_from, new_to, %2$s
		FROM gone
		ORDER BY new_from COLLATE "C", new_to COLLATE "C", edge_type COLLATE "C", coalesce(confidence, 1) DESC, source_location COLLATE "C", method COLLATE "C"
		ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET
			source_location = coalesce(e.source_location, EXCLUDED.source_location),
			(confidence, method, reference_key) = ROW(
				CASE WHEN e.confidence < coalesce(EXCLUDED.confidence, 1) THEN EXCLUDED.confidence ELSE e.confidence END,
				CASE WHEN e.confidence < coalesce(EXCLUDED.confidence, 1) THEN EXCLUDED.method ELSE e.method END,
				CASE WHEN e.confidence < coalesce(EXCLUDED.confidence, 1) THEN EXCLUDED.reference_key ELSE e.reference_key END)
		WHERE e.confidence < coalesce(EXCLUDED.confidence, 1) OR e.source_location IS NULL AND EXCLUDED.source_location IS NOT NULL
	)
	SELECT count(*) FROM gone $q$,
		edges, columns, _parseltongue.pt_spelling_query('SELECT unnest($1)', entities))
	INTO joined USING keys;
	RETURN joined;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_join_keys(text[], regclass, regclass) IS
'Internal: replace those of the keys that are another spelling of exactly one entity''s, in the table of edges, by that one. Of edges that become the same one stays. Returns how many edges had such a key. Reads both tables; O(n log n).';

CREATE FUNCTION _parseltongue.pt_join_new_entities(edges regclass, entities regclass, new_keys text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
DECLARE
	files bigint[];
	buckets bigint[];
	keys text[];
BEGIN
	EXECUTE format('SELECT array_agg(DISTINCT _parseltongue.pt_key_file_bucket(key)), array_agg(DISTINCT _parseltongue.pt_key_bucket(key)) FROM %s
		EXISTS (SELECT FROM %s)',
		CASE WHEN new_keys IS NULL THEN format('%s WHERE updated_at = now() AND', entities) ELSE 'unnest($1) AS n (key) WHERE' END, edges) INTO files, buckets USING new_keys;
	IF buckets IS NULL THEN
		RETURN 0;
	END IF;
	-- The first condition is cheaper, the second may have an index.
	EXECUTE format('SELECT array_agg(DISTINCT key COLLATE "C") FROM (SELECT from_key FROM %1$s UNION ALL SELECT to_key FROM %1$s) AS k (key)
		WHERE _parseltongue.pt_key_file_bucket(key) = ANY ($1) AND _parseltongue.pt_key_bucket(key) = ANY ($2)
			AND NOT EXISTS (SELECT FROM %2$s AS e WHERE e.key = k.key)', edges, entities)
	INTO keys USING files, buckets;
	RETURN _parseltongue.pt_join_keys(keys, edges, entities);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_join_new_entities(regclass, regclass, text[]) IS
'Internal: pt_join_keys for the edges that were there before entities which this transaction has written: those of new_keys, NULL for all. Reads the edges, but for what pt_enable_updates makes for imports; for NULL also the entities.';
