-- ---------------------------------------------------------------------------
-- Several codebases in one database: each is a schema with the tables
-- pt_entity and pt_edge. No list of them is kept; the catalogs know.
-- ---------------------------------------------------------------------------

-- Tables are known by their names, and anybody who may create in the schema could
-- put one there: another owner's would run its triggers and policies with the
-- rights of whoever uses it. So one owner has all of a codebase.
CREATE FUNCTION _parseltongue.pt_codebase_table(edges regclass, name text, foreign_ok boolean DEFAULT false) RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_codebase_table(regclass, text, boolean) IS
'Internal: the table of this name beside an edge table, of the same owner; NULL if there is none, as in codebases of earlier versions. foreign_ok: NULL also where something else has the name. Errors: 42P07 something else has the name.';

CREATE FUNCTION _parseltongue.pt_require_owner(edges regclass, wanted text) RETURNS regrole
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = edges);
BEGIN
	IF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of table "%" to make table "%" next to it', edges, wanted USING ERRCODE = 'insufficient_privilege',
			HINT = format('Have role %s do that first, and grant what is needed.', owner);
	END IF;
	RETURN owner;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_require_owner(regclass, text) IS
'Internal: the owner of an edge table, who is to have the wanted table next to it. Errors: 42501 the caller has not the rights of that role.';

-- Who writes both tables of a codebase locks the entities first, then the edges,
-- before anything is read, and as strongly as is needed by the end. So do writers
-- that call pt_insert_entity and then pt_insert_edge.
CREATE FUNCTION _parseltongue.pt_lock_tables(entities regclass, edges regclass, entities_mode text, edges_mode text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- who may write to some columns only may not lock
	IF entities_mode <> 'ROW EXCLUSIVE' OR entities_mode IS NOT NULL AND has_table_privilege(entities, 'INSERT, UPDATE, DELETE, TRUNCATE') THEN
		EXECUTE format('LOCK TABLE %s IN %s MODE', entities, entities_mode);
	END IF;
	IF edges_mode <> 'ROW EXCLUSIVE' OR edges_mode IS NOT NULL AND has_table_privilege(edges, 'INSERT, UPDATE, DELETE, TRUNCATE') THEN
		EXECUTE format('LOCK TABLE %s IN %s MODE', edges, edges_mode);
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_lock_tables(regclass, regclass, text, text) IS
'Internal: lock the tables of a codebase in the one order that all keep who write both, in modes as LOCK TABLE names them; NULL: not that table. Errors: 42501.';

CREATE FUNCTION _parseltongue.pt_copy_table(original regclass, schema name) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	copy name;
	parts text;
BEGIN
	-- Not LIKE, for which one would need to read the extension's tables.
	SELECT relname INTO STRICT copy FROM pg_class WHERE oid = original;
	SELECT string_agg(part, ', ' ORDER BY place) INTO parts
	FROM (
		SELECT attnum, format('%I %s', attname, format_type(atttypid, atttypmod)) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
			   || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
		FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
		WHERE attrelid = original AND attnum > 0 AND NOT attisdropped
		UNION ALL
		SELECT 10000 + row_number() OVER (ORDER BY conname), format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE conrelid = original AND contype IN ('c', 'p')
	) AS p (place, part);
	EXECUTE format('CREATE TABLE %I.%I (%s)', schema, copy, parts);
	EXECUTE format('COMMENT ON TABLE %I.%I IS %L', schema, copy, obj_description(original, 'pg_class'));
	FOR parts IN
		SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', schema, copy, attname, col_description(original, attnum))
		FROM pg_attribute WHERE attrelid = original AND col_description(original, attnum) IS NOT NULL
	LOOP
		EXECUTE parts;
	END LOOP;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_copy_table(regclass, name) IS
'Internal: make an empty table like one of the extension''s, with its constraints and comments, in a schema.';

-- What is there under the name may be another index, or one that was not completed.
-- The server writes definitions with casts, parentheses and quotes of its own; no
-- other words: = ANY (ARRAY[...]) rather than IN.
CREATE FUNCTION _parseltongue.pt_make_index(index_name name, of regclass, definition text) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	-- and what is stored otherwise than by default is still the same index
	ornament CONSTANT text := ' with \([^)]*\)|::"?[a-z][a-z0-9_. ]*"?(\[\])?|[() "]';
	made regclass;
	is_made boolean;
	found text;
BEGIN
	EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s USING %s', index_name, of, definition);
	SELECT c.oid, i.indrelid = of AND i.indisvalid AND NOT i.indisunique,
		   regexp_replace(lower(split_part(pg_get_indexdef(i.indexrelid), ' USING ', 2)), ornament, '', 'g')
	INTO made, is_made, found
	FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
	WHERE c.relname = index_name AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = of);
	definition := regexp_replace(lower(definition), ornament, '', 'g');
	IF is_made IS NOT TRUE OR found <> definition THEN
		RAISE EXCEPTION 'relation "%" is in the way of the index of that name on "%"', index_name, of USING
			ERRCODE = 'duplicate_table', HINT = 'Drop or rename it, and try again.';
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_make_index(name, regclass, text) IS
'Internal: create an index on a table, if it is not there. definition: what follows USING. Errors: 42501 not the owner, 42P07 something else has the name, or the index is invalid. Locks out writers; O(n log n).';

CREATE FUNCTION @extschema@.pt_create_codebase(name text) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'name must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF octet_length(name) NOT BETWEEN 1 AND 63 THEN
		RAISE EXCEPTION 'invalid name of a codebase: "%"', name USING ERRCODE = 'invalid_name',
			HINT = 'It becomes the name of a schema: 1 to 63 bytes.';
	END IF;
	EXECUTE format('CREATE SCHEMA %I', name);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', name, 'codebase for parseltongue');
	PERFORM _parseltongue.pt_copy_table(original, name)
	FROM unnest('{@extschema@.pt_entity,@extschema@.pt_edge,@extschema@.pt_left_out,@extschema@.pt_pending}'::regclass[]) AS original;
	EXECUTE format('CREATE INDEX pt_edge_adjacency ON %I.pt_edge USING adjacency (from_key, to_key, edge_type, confidence)', name);
	PERFORM _parseltongue.pt_make_index('pt_entity_spelling', format('%I.pt_entity', name)::regclass, 'btree (_parseltongue.pt_key_bucket(key))');
	RETURN format('%I.pt_edge', name)::regclass;
END $$;
COMMENT ON FUNCTION @extschema@.pt_create_codebase(text) IS
'Make a codebase: a schema of this name with empty tables pt_entity, pt_edge, pt_left_out and pt_pending and their indexes, owned by the caller. Returns the edge table, which other functions take as graph. Errors: 22004 name is NULL, 42602 not 1 to 63 bytes, 42P06 the schema exists, 42501 no right to create schemas.';

CREATE FUNCTION _parseltongue.pt_complete_codebase(graph regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	edges CONSTANT regclass := (_parseltongue.pt_graph_tables(graph)).edges;
	home CONSTANT name := (SELECT nspname FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = relnamespace WHERE t.oid = edges);
	wanted text;
BEGIN
	FOREACH wanted IN ARRAY '{pt_left_out,pt_pending}'::text[] LOOP
		CONTINUE WHEN _parseltongue.pt_codebase_table(edges, wanted) IS NOT NULL;
		PERFORM _parseltongue.pt_require_owner(edges, wanted);
		PERFORM _parseltongue.pt_copy_table(format('@extschema@.%I', wanted)::regclass, home);
		EXECUTE format('ALTER TABLE %I.%I OWNER TO %s', home, wanted, _parseltongue.pt_require_owner(edges, wanted));
	END LOOP;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_complete_codebase(regclass) IS
'Internal: make those tables of a codebase that earlier versions did not make. Errors: 42501 not the owner of the edges, or no right to create tables there, 42P07 another relation has such a name, 42809 not a codebase.';

CREATE FUNCTION @extschema@.pt_codebases(
	OUT name text,
	OUT graph regclass,
	OUT owner text,
	OUT entities bigint,
	OUT edges bigint,
	OUT bytes bigint,
	OUT is_default boolean
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000 ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT n.nspname::text, t.oid::regclass,
		   -- a schema public may belong to whoever owns the database
		   pg_get_userbyid(CASE n.nspowner WHEN 'pg_database_owner'::regrole THEN (SELECT datdba FROM pg_database WHERE datname = current_database())
						   ELSE n.nspowner END)::text,
		   CASE WHEN e.reltuples >= 0 THEN e.reltuples::bigint END, CASE WHEN t.reltuples >= 0 THEN t.reltuples::bigint END,
		   pg_total_relation_size(t.oid) + pg_total_relation_size(e.oid),
		   -- a setting that names nothing is no reason to list nothing
		   coalesce(t.oid IN (s.graph, (SELECT indrelid FROM pg_index WHERE indexrelid = s.graph)), false)
	FROM pg_class AS t
		JOIN pg_namespace AS n ON n.oid = t.relnamespace
		JOIN pg_class AS e ON e.oid = @extschema@.pt_entity_table(t.oid::regclass),
		(SELECT _parseltongue.pt_default_graph_if_any()) AS s (graph)
	WHERE t.relname = 'pt_edge' AND t.relkind = 'r' AND NOT pg_is_other_temp_schema(n.oid)
	ORDER BY n.nspname COLLATE "C"
$$;
COMMENT ON FUNCTION @extschema@.pt_codebases() IS
'The codebases of this database, the extension''s own tables among them: every schema with the tables pt_entity and pt_edge. owner: of the schema; entities and edges are estimates by the last ANALYZE or VACUUM, NULL before it; bytes includes indexes; is_default: what a call means that names no graph.';

CREATE FUNCTION @extschema@.pt_drop_codebase(name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'name must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
				   WHERE n.nspname = name AND t.relname = 'pt_edge' AND @extschema@.pt_entity_table(t.oid::regclass) IS NOT NULL) THEN
		RAISE EXCEPTION 'codebase "%" does not exist', name USING ERRCODE = 'undefined_object',
			HINT = 'pt_codebases() lists them.';
	END IF;
	IF format('%I.pt_edge', name)::regclass = '@extschema@.pt_edge'::regclass THEN
		RAISE EXCEPTION 'codebase "%" belongs to the extension', name USING ERRCODE = 'dependent_objects_still_exist',
			HINT = 'DROP EXTENSION removes it; TRUNCATE empties its tables.';
	END IF;
	-- what has been watched in this transaction is told of now: a table of which that is to come cannot go
	IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'pt_edge_watch_commit'
			   AND tgrelid = _parseltongue.pt_codebase_table(format('%I.pt_edge', name)::regclass, 'pt_edge_touched', foreign_ok => true)) THEN
		EXECUTE format('SET CONSTRAINTS %I.pt_edge_watch_commit IMMEDIATE', name);
	END IF;
	-- pt_rank and pt_watch make the last of these, and earlier versions did not make those before them
	EXECUTE (SELECT 'DROP TABLE ' || string_agg(t::text, ', ')
			 FROM unnest('{pt_edge,pt_entity,pt_left_out,pt_pending,pt_entity_rank,pt_edge_watch,pt_edge_touched}'::text[]) AS n,
				 _parseltongue.pt_codebase_table(format('%I.pt_edge', name)::regclass, n, foreign_ok => true) AS t);
	EXECUTE format('DROP SCHEMA %I', name);
END $$;
COMMENT ON FUNCTION @extschema@.pt_drop_codebase(text) IS
'Drop a codebase: its tables, what pt_rank and pt_watch keep, and its schema. Errors: 22004 name is NULL, 42704 no such codebase, 2BP01 it is the extension''s own, or something else lives in the schema or depends on the tables; then nothing is dropped.';
