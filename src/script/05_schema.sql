-- parseltongue extension script, concatenated from src/script/*.sql by make.
\echo Use "CREATE EXTENSION parseltongue" to load this file. \quit

-- Others may have put operators and functions of their own into the schema that
-- this runs in, whose types may fit better: what is stored or run here names the
-- schema of each that it uses, and each function has a search_path of its own or
-- does the same.

-- Statements that functions put together have this name in a format.
DO $$
BEGIN
	IF pg_catalog.strpos($s$@extschema@$s$, '%') OPERATOR(pg_catalog.>) 0 THEN
		RAISE EXCEPTION 'parseltongue cannot be in schema %', $s$@extschema@$s$ USING ERRCODE = 'invalid_schema_name',
			HINT = 'Choose one without a percent sign in its name.';
	END IF;
	-- A superuser, who runs this, may create anywhere; whom the tables are given to may not.
	IF NOT pg_catalog.has_schema_privilege($s$@extowner@$s$::pg_catalog.regrole::pg_catalog.oid, $s$@extschema@$s$::pg_catalog.regnamespace::pg_catalog.oid, 'CREATE') THEN
		RAISE EXCEPTION 'permission denied for schema %', $s$@extschema@$s$ USING ERRCODE = 'insufficient_privilege',
			HINT = 'Name one in which you may create tables, with CREATE EXTENSION parseltongue SCHEMA.';
	END IF;
END $$;

-- ---------------------------------------------------------------------------
-- The extension's inside: what users do not call, but their calls do, with
-- their rights.
-- ---------------------------------------------------------------------------

CREATE SCHEMA _parseltongue;
COMMENT ON SCHEMA _parseltongue IS 'Internal to the extension parseltongue: what is here changes without notice.';
GRANT USAGE ON SCHEMA _parseltongue TO PUBLIC;

