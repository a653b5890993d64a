
-- ---------------------------------------------------------------------------
-- Writing.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_insert_entity(
	key text,
	entity_type text DEFAULT NULL,
	name text DEFAULT NULL,
	entity_class text DEFAULT NULL,
	language text DEFAULT NULL,
	file_path text DEFAULT NULL,
	line_start bigint DEFAULT NULL,
	line_end bigint DEFAULT NULL,
	signature jsonb DEFAULT NULL,
	code text DEFAULT NULL,
	properties jsonb DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS boolean
AS 'MODULE_PATHNAME', 'pt_insert_entity_0_2' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION @extschema@.pt_insert_entity(text, text, text, text, text, text, bigint, bigint, jsonb, text, jsonb, regclass) IS
'Insert or update one entity: a given value replaces, an absent (NULL) one stays. graph: the edge table of a codebase, NULL for the default graph. Returns true if the key is new. Errors: 22004 key is NULL, 23514 key is empty, 22023 properties is not a JSON object, 22003 a line is no integer.';

CREATE FUNCTION @extschema@.pt_insert_entities(entities jsonb, graph regclass DEFAULT NULL) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION @extschema@.pt_insert_entities(jsonb, regclass) IS
'Insert or update a JSON array of entity objects, all or none, in key order. Fields are those of pt_entity; properties and unknown fields are merged into properties; of a repeated key the last value of each field wins. Returns the number of rows written. Errors: 22023 names the offending element, counted from 0.';

CREATE FUNCTION @extschema@.pt_insert_edge(
	from_key text,
	to_key text,
	edge_type text DEFAULT 'Calls',
	source_location text DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION @extschema@.pt_insert_edge(text, text, text, text, regclass) IS
'Insert one edge, or update its source_location if one is given. Returns true if the edge is new. Errors: 22004 a key is NULL, 23514 a key is empty.';

CREATE FUNCTION @extschema@.pt_insert_edges(edges jsonb, graph regclass DEFAULT NULL) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION @extschema@.pt_insert_edges(jsonb, regclass) IS
'Insert or update a JSON array of objects {from_key, to_key [, edge_type] [, source_location] [, confidence] [, method] [, reference_key]}, all or none, in key order; of a repeated edge the last wins. One without a confidence is a fact and takes the place of a guess; a guess takes that of no fact. Returns the number of rows written. Errors: 22023 names the offending element, counted from 0.';

CREATE FUNCTION @extschema@.pt_delete_entity(key text, with_edges boolean DEFAULT false, graph regclass DEFAULT NULL) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION @extschema@.pt_delete_entity(text, boolean, regclass) IS
'Delete an entity and, with_edges, every edge from or to its key. Returns true if the entity existed. Errors: 22004 key is NULL.';
