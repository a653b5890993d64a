-- ---------------------------------------------------------------------------
-- The access method and its operator classes.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_adjacency_handler(internal) RETURNS index_am_handler
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION _parseltongue.pt_adjacency_handler(internal) IS
'Handler of the index access method adjacency.';

CREATE ACCESS METHOD adjacency TYPE INDEX HANDLER _parseltongue.pt_adjacency_handler;
COMMENT ON ACCESS METHOD adjacency IS
'Index on the edges of a graph: USING adjacency (source, target [, label [, confidence]]). Read by the pt_* functions, and by queries for rows with a given source or target.';

-- The classes name the types a column may have; the method has no support
-- functions. varchar uses the class of text. All others come
-- by that of anyelement to the method, which takes char(n), name, oid and enums, and
-- says of the rest what may stand there.
CREATE OPERATOR CLASS @extschema@.adjacency_int2_ops DEFAULT FOR TYPE smallint USING adjacency AS STORAGE smallint;
CREATE OPERATOR CLASS @extschema@.adjacency_int4_ops DEFAULT FOR TYPE integer  USING adjacency AS STORAGE integer;
CREATE OPERATOR CLASS @extschema@.adjacency_int8_ops DEFAULT FOR TYPE bigint   USING adjacency AS STORAGE bigint;
CREATE OPERATOR CLASS @extschema@.adjacency_text_ops DEFAULT FOR TYPE text     USING adjacency AS STORAGE text;
CREATE OPERATOR CLASS @extschema@.adjacency_uuid_ops DEFAULT FOR TYPE uuid     USING adjacency AS STORAGE uuid;
CREATE OPERATOR CLASS @extschema@.adjacency_numeric_ops DEFAULT FOR TYPE numeric USING adjacency AS STORAGE numeric;
CREATE OPERATOR CLASS @extschema@.adjacency_any_ops DEFAULT FOR TYPE anyelement USING adjacency AS STORAGE anyelement;
COMMENT ON OPERATOR CLASS @extschema@.adjacency_int2_ops USING adjacency IS 'columns of type smallint in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_int2_ops USING adjacency IS 'columns of type smallint in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_int4_ops USING adjacency IS 'columns of type integer in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_int4_ops USING adjacency IS 'columns of type integer in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_int8_ops USING adjacency IS 'columns of type bigint in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_int8_ops USING adjacency IS 'columns of type bigint in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_text_ops USING adjacency IS 'columns of type text and varchar in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_text_ops USING adjacency IS 'columns of type text and varchar in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_uuid_ops USING adjacency IS 'columns of type uuid in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_uuid_ops USING adjacency IS 'columns of type uuid in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_numeric_ops USING adjacency IS 'the confidence column of an adjacency index, numeric(3,2)';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_numeric_ops USING adjacency IS 'the confidence column of an adjacency index, numeric(3,2)';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_any_ops USING adjacency IS 'columns of other types in an adjacency index, of which it supports char(n), name, oid and enums';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_any_ops USING adjacency IS 'columns of other types in an adjacency index, of which it supports char(n), name, oid and enums';

-- What tells rows by an end: the operators by which equal values have one
-- fingerprint. They belong to the families, as in what is upgraded.
ALTER OPERATOR FAMILY @extschema@.adjacency_int2_ops USING adjacency ADD
	OPERATOR 1 pg_catalog.= (smallint, smallint), OPERATOR 1 pg_catalog.= (smallint, integer), OPERATOR 1 pg_catalog.= (smallint, bigint);
ALTER OPERATOR FAMILY @extschema@.adjacency_int4_ops USING adjacency ADD
	OPERATOR 1 pg_catalog.= (integer, smallint), OPERATOR 1 pg_catalog.= (integer, integer), OPERATOR 1 pg_catalog.= (integer, bigint);
ALTER OPERATOR FAMILY @extschema@.adjacency_int8_ops USING adjacency ADD
	OPERATOR 1 pg_catalog.= (bigint, smallint), OPERATOR 1 pg_catalog.= (bigint, integer), OPERATOR 1 pg_catalog.= (bigint, bigint);
ALTER OPERATOR FAMILY @extschema@.adjacency_text_ops USING adjacency ADD
	OPERATOR 1 pg_catalog.= (text, text), OPERATOR 1 pg_catalog.= (text, name);
ALTER OPERATOR FAMILY @extschema@.adjacency_uuid_ops USING adjacency ADD
	OPERATOR 1 pg_catalog.= (uuid, uuid);
ALTER OPERATOR FAMILY @extschema@.adjacency_any_ops USING adjacency ADD
	OPERATOR 1 pg_catalog.= (oid, oid), OPERATOR 1 pg_catalog.= (character, character),
	OPERATOR 1 pg_catalog.= (name, name), OPERATOR 1 pg_catalog.= (name, text);
