
-- ---------------------------------------------------------------------------
-- What the text of a key says.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_key_kind(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_kind(text) IS
'What a key stands for: unresolved (rust:fn:new:unknown:0-0, rust:fn:new:unresolved-reference:0-0), external (rust:module:Parser:external-dependency-clap:0-0), import (rust:module:std::fmt:0-0), file (rust:file:./src/main.rs:1-1), or local: everything else. Reads the text only. O(length).';

CREATE FUNCTION @extschema@.pt_key_name(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_name(text) IS
'The name in a key: the third part between colons (a double colon belongs to the name), the fourth between triple bars, new_feature in src_lib_rs-new_feature-fn-abc12345, the whole key if it fits no form. O(length).';

CREATE FUNCTION @extschema@.pt_key_language(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_language(text) IS
'The language in a key: the first part between triple bars, or between colons where there are three, else NULL. O(length).';

CREATE FUNCTION @extschema@.pt_key_path(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_path(text) IS
'The file that a key names, as it is written there: ./src/main.rs or __src_main_rs; NULL for placeholders and keys that name none. O(length).';

CREATE FUNCTION _parseltongue.pt_match_name(name text, language text DEFAULT NULL) RETURNS text
AS 'MODULE_PATHNAME', 'pt_match_name_0_2' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_match_name(text, text) IS
'What pt_resolve_references compares names by: the last part of a qualified name, as that language separates them (NULL: ::, . or ->), without arguments in brackets; of a path the file without its extension; an operator, a quoted or a nameless thing as it is; with what keys write for <, >, [, ], {, }, comma and space. NULL for NULL. O(length).';

CREATE FUNCTION _parseltongue.pt_match_qualifier(name text, language text DEFAULT NULL) RETURNS text
AS 'MODULE_PATHNAME', 'pt_match_qualifier_0_2' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_match_qualifier(text, text) IS
'What stands before the part of a name that pt_match_name compares: std::io:: of std::io::Read, lib/ of lib/utils.js, an empty text if nothing does. NULL for NULL. O(length).';

CREATE FUNCTION _parseltongue.pt_query_name(name text) RETURNS text[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_query_name(text) IS
'Internal: of a qualified name as somebody types it, in whatever language, Foo#bar, pkg.mod:func, \Ns\Foo::bar, the last part, without arguments, and what stands before it; NULL of a name that is not qualified. O(length).';

CREATE FUNCTION _parseltongue.pt_entity_name(name text, key text, language text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_entity_name(text, text, text) IS
'Internal: what pt_resolve_references compares an entity by: pt_match_name of its name, in its language; of what is NULL the key tells. NULL if key is NULL. O(length).';

CREATE FUNCTION _parseltongue.pt_entity_file(file_path text, key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_entity_file(text, text) IS
'Internal: pt_file_id of the file of an entity: file_path or, if that is NULL, what its key says; empty if that says nothing. NULL if both are. O(length).';

CREATE FUNCTION _parseltongue.pt_key_type(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_key_type(text) IS
'The type in a key: the second part between triple bars, or between colons where there are three; NULL if there is none. O(length).';

CREATE FUNCTION _parseltongue.pt_reference_name(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_reference_name(text) IS
'Of a placeholder (kinds unresolved, external and import) the name that it refers to something by, as pt_match_name has it; NULL for other keys. O(length).';

CREATE FUNCTION _parseltongue.pt_reference_parts(key text) RETURNS text[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION _parseltongue.pt_reference_parts(text) IS
'Internal: of a placeholder that may be resolved (kinds unresolved and import) the parts of its name, by each of which it may lead on: name of an entity, besides .name of one that may be a field, and name/ of a module; NULL if there is one part only, or nothing is known of the first, and for other keys. Types of arguments are parts in Java. O(length).';

CREATE FUNCTION _parseltongue.pt_type_parts(properties jsonb, language text, key text) RETURNS text[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5;
COMMENT ON FUNCTION _parseltongue.pt_type_parts(jsonb, text, text) IS
'Internal: the parts of the names of types that an entity''s properties "returns" and "fields" have, of Java also "parameters" and "opens", as pt_reference_parts has them; NULL if there are none. language: as the key has it, if it is NULL. O(length).';

CREATE FUNCTION _parseltongue.pt_max_key_bytes() RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_max_key_bytes() IS
'Internal: the bytes that a key may have in an import, or both keys and the type of an edge together: what the tables'' btrees hold, a third of a page less some.';

-- ---------------------------------------------------------------------------
-- Paths of files.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_normal_path(path text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_normal_path(text) IS
'A path with slashes for backslashes, without ./ at its front and // within, a drive in upper case: src/main.rs of .\src\main.rs. O(length).';

CREATE FUNCTION _parseltongue.pt_file_id(path text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_file_id(text) IS
'A path in the one form that all spellings of it share: src_main_rs for ./src/main.rs, src\main.rs and __src_main_rs. O(length).';

CREATE FUNCTION _parseltongue.pt_has_modules(language text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_has_modules(text) IS
'Internal: does a file of this language see what it imports by name, and no more? Not if it is NULL.';

CREATE FUNCTION _parseltongue.pt_module_word(path text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_module_word(text) IS
'Internal: a word that all names of a module have that is this file: util of lib/my-util.ts, lib of lib/index.js; empty if there is none. O(length).';

CREATE FUNCTION _parseltongue.pt_module_words(files text[], entities regclass) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- one stands for its folder, and decides by what names the others in it may be called
	folders CONSTANT text[] := ARRAY(SELECT DISTINCT regexp_replace(_parseltongue.pt_normal_path(f), '[^/]*$', '') FROM unnest(files) AS f
									 WHERE _parseltongue.pt_normal_path(f) ~ '(^|/)(__init__|index)(\.d)?(\.[^./]*)?$');
BEGIN
	RETURN QUERY SELECT DISTINCT w || mark FROM unnest(files) AS f, _parseltongue.pt_module_word(f) AS w, (VALUES (''), ('/')) AS m (mark);
	IF folders <> '{}' THEN
		RETURN QUERY EXECUTE format($q$
			SELECT DISTINCT w || mark FROM %s AS e, _parseltongue.pt_module_word(file_path) AS w, (VALUES (''), ('/')) AS m (mark)
			WHERE entity_type = 'file' AND EXISTS (SELECT FROM unnest($1) AS f WHERE starts_with(_parseltongue.pt_normal_path(file_path), f)) $q$, entities) USING folders;
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_module_words(text[], regclass) IS
'Internal: words of which each name of a module has one that may mean something else when these files come or go, as they are and as pt_reference_parts has them. Reads all files if one of these stands for its folder.';
