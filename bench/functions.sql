-- Timing within the server: median of n runs in microseconds.
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE OR REPLACE FUNCTION bench_time(query text, n int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	t0 timestamptz;
	times numeric[] := '{}';
BEGIN
	EXECUTE query;
	FOR i IN 1..n LOOP
		t0 := clock_timestamp();
		EXECUTE query;
		times := times || (extract(epoch FROM clock_timestamp() - t0) * 1e6)::numeric;
	END LOOP;
	RETURN round((SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) AS t)::numeric, 1);
END $$;

-- A prepared statement's time: planned once, as an application would.
CREATE OR REPLACE FUNCTION bench_time_radius(tab regclass, start text, hops int, dir text, n int)
RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	t0 timestamptz;
	times numeric[] := '{}';
	c bigint;
BEGIN
	FOR i IN 0..n LOOP
		t0 := clock_timestamp();
		SELECT count(*) INTO c FROM pt_blast_radius(start, hops, dir, graph => tab);
		IF i > 0 THEN
			times := times || (extract(epoch FROM clock_timestamp() - t0) * 1e6)::numeric;
		END IF;
	END LOOP;
	RETURN round((SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) AS t)::numeric, 1);
END $$;
