-- Views for people and dashboards, what they need, and roles.

-- +goose Up

-- What the arrays of measurement are at. SQL cannot read a recipe: the program writes these
-- with it, and for a label that was there before at its next run.
ALTER TABLE label
    ADD COLUMN spectra         text[],
    ADD COLUMN periods         double precision[],
    ADD COLUMN dampings        double precision[],
    ADD COLUMN fas_frequencies double precision[],
    ADD COLUMN band_from       double precision[],
    ADD COLUMN band_until      double precision[];
COMMENT ON COLUMN label.spectra IS 'which of psa, sa, sd and sv the recipe asks for; null until the first run of a program that knows the column';
COMMENT ON COLUMN label.periods IS 's, of psa, sa, sd and sv: of all with the first damping, then with the next; null as spectra';
COMMENT ON COLUMN label.dampings IS '1, fractions of critical, of psa, sa, sd and sv';
COMMENT ON COLUMN label.fas_frequencies IS 'Hz, of fas';
COMMENT ON COLUMN label.band_from IS 'Hz, lower ends of the bands of band_snr';
COMMENT ON COLUMN label.band_until IS 'Hz, upper ends of the bands of band_snr';

-- For the events and rows of one run: export results --run. A row of measurement has the run of
-- its item, of which there is a third as many.
CREATE INDEX work_item_run ON work_item (run_id, event_id);

-- +goose StatementBegin
CREATE FUNCTION measured_channel(network text, station text, location text, instrument text, component text, at timestamptz)
RETURNS SETOF channel LANGUAGE sql STABLE AS $$
    SELECT c.* FROM channel c
    WHERE c.network = $1 AND c.station = $2 AND c.location = $3 AND left(c.channel, -1) = $4
      AND (length($5) > 1 OR c.channel = $4 || $5)
    ORDER BY COALESCE(c.from_time <= $6 AND $6 < c.until_time, false) DESC, c.channel, c.from_time DESC
    LIMIT 1
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION measured_channel IS 'the epoch of the channel of a row of measurement that holds at a time, of overlapping ones the one that starts latest, if none holds the newest; of rows over both horizontals the first channel of the instrument';

-- Every view begins with label, of which there are few, so that a query for one event goes
-- by the primary key (label, event_id, ...) of measurement also where it names no label.
DROP VIEW measurement_narrow;
CREATE VIEW measurement_narrow AS
SELECT m.label, m.event_id, m.network, m.station, m.location, m.instrument, m.component, v.name, v.unit, v.value,
    NULL::double precision AS period, NULL::double precision AS damping, NULL::double precision AS frequency,
    NULL::double precision AS frequency_until, 0 AS index
FROM label l JOIN measurement m ON m.label = l.name
CROSS JOIN LATERAL (VALUES
    ('mean', 'm/s^2', m.mean), ('rms', 'm/s^2', m.rms), ('min', 'm/s^2', m.min), ('max', 'm/s^2', m.max), ('std', 'm/s^2', m.std),
    ('skewness', '1', m.skewness), ('kurtosis', '1', m.kurtosis), ('snr', '1', m.snr),
    ('pga', 'm/s^2', m.pga), ('pgv', 'm/s', m.pgv), ('pgd', 'm', m.pgd), ('arias', 'm/s', m.arias), ('cav', 'm/s', m.cav),
    ('d5_75', 's', m.d5_75), ('d5_95', 's', m.d5_95), ('sorted_duration', 's', m.sorted_duration), ('stalta_max', '1', m.stalta_max),
    ('dominant_frequency', 'Hz', m.dominant_frequency), ('spectral_centroid', 'Hz', m.spectral_centroid),
    ('spectral_bandwidth', 'Hz', m.spectral_bandwidth), ('usable_low', 'Hz', m.usable_low), ('usable_high', 'Hz', m.usable_high),
    ('wood_anderson', 'm', m.wood_anderson), ('local_magnitude', '1', m.local_magnitude), ('moment', 'N m', m.moment),
    ('corner_frequency', 'Hz', m.corner_frequency), ('stress_drop', 'Pa', m.stress_drop), ('kappa', 's', m.kappa),
    ('source_misfit', '1', m.source_misfit)) v (name, unit, value)
WHERE v.value IS NOT NULL
UNION ALL
SELECT m.label, m.event_id, m.network, m.station, m.location, m.instrument, m.component, s.name, s.unit, u.value,
    CASE WHEN x.known AND s.at = 'period' THEN l.periods[(u.i - 1) % NULLIF(cardinality(l.periods), 0) + 1] END,
    CASE WHEN x.known AND s.at = 'period' THEN l.dampings[(u.i - 1) / NULLIF(cardinality(l.periods), 0) + 1] END,
    CASE WHEN NOT x.known THEN NULL WHEN s.at = 'frequency' THEN l.fas_frequencies[u.i] WHEN s.at = 'band' THEN l.band_from[u.i] END,
    CASE WHEN x.known AND s.at = 'band' THEN l.band_until[u.i] END, u.i::integer
FROM label l JOIN measurement m ON m.label = l.name
JOIN work_item w ON w.label = m.label AND w.event_id = m.event_id AND w.network = m.network AND w.station = m.station
    AND w.location = m.location AND w.instrument = m.instrument
CROSS JOIN LATERAL (SELECT w.recipe_hash = l.recipe_hash AS known) x
CROSS JOIN LATERAL (VALUES
    ('psa', 'm/s^2', 'period', m.psa), ('sa', 'm/s^2', 'period', m.sa), ('sd', 'm', 'period', m.sd), ('sv', 'm/s', 'period', m.sv),
    ('fas', 'm/s', 'frequency', m.fas), ('band_snr', '1', 'band', m.band_snr)) s (name, unit, at, list)
CROSS JOIN LATERAL unnest(s.list) WITH ORDINALITY u (value, i)
WHERE u.value IS NOT NULL
UNION ALL
SELECT m.label, m.event_id, m.network, m.station, m.location, m.instrument, m.component, x.key, NULL,
    (x.value #>> '{}')::double precision, NULL, NULL, NULL, NULL, 0
FROM label l JOIN measurement m ON m.label = l.name
CROSS JOIN LATERAL json_each(m.extra) x
WHERE json_typeof(x.value) = 'number';
COMMENT ON VIEW measurement_narrow IS 'one row per number of measurement that there is; spectra have one for each period and damping, frequency or band';
COMMENT ON COLUMN measurement_narrow.name IS 'as the column of measurement; of what a program added, its own';
COMMENT ON COLUMN measurement_narrow.unit IS 'SI; 1 is none, null not known';
COMMENT ON COLUMN measurement_narrow.value IS 'in unit';
COMMENT ON COLUMN measurement_narrow.period IS 's, of psa, sa, sd and sv; null also where the row is of an earlier recipe of the label';
COMMENT ON COLUMN measurement_narrow.damping IS '1, fraction of critical, of psa, sa, sd and sv; null as period';
COMMENT ON COLUMN measurement_narrow.frequency IS 'Hz, of fas; of band_snr the lower end of the band; null as period';
COMMENT ON COLUMN measurement_narrow.frequency_until IS 'Hz, of band_snr the upper end of the band; null as period';
COMMENT ON COLUMN measurement_narrow.index IS 'in the array, from 1; 0 for what is none';

CREATE VIEW latest_measurement AS
SELECT m.label, m.event_id, e.type AS event_type, o.time AS event_time, o.latitude AS event_latitude, o.longitude AS event_longitude,
    o.depth AS event_depth, g.value AS magnitude, g.type AS magnitude_type,
    m.network, m.station, m.location, m.instrument, m.component,
    c.latitude AS station_latitude, c.longitude AS station_longitude, c.elevation AS station_elevation,
    m.distance, m.azimuth,
    m.mean, m.rms, m.min, m.max, m.std, m.skewness, m.kurtosis, m.snr, m.pga, m.pga_at, m.pgv, m.pgv_at, m.pgd, m.pgd_at,
    m.arias, m.cav, m.d5_75, m.d5_95, m.sorted_duration, m.psa, m.sa, m.sd, m.sv, m.stalta_max,
    m.dominant_frequency, m.spectral_centroid, m.spectral_bandwidth, m.band_snr, m.fas, m.fas_length, m.usable_low, m.usable_high,
    m.wood_anderson, m.wood_anderson_at, m.local_magnitude, m.moment, m.corner_frequency, m.stress_drop, m.kappa, m.source_misfit, m.extra,
    m.sample_rate, m.highpass, m.lowpass, m.timing_quality, m.p_at, m.s_at, m.time_source, m.noise_start, m.noise_end,
    m.signal_start, m.signal_end, m.measured_start, m.measured_end, m.read_start, m.read_end, m.definitions, m.flags,
    m.run_id, r.started_at AS run_started_at
FROM label l
JOIN measurement m ON m.label = l.name
JOIN event e ON e.id = m.event_id AND e.status = 'active'
JOIN origin o ON o.event_id = e.id AND o.preferred
LEFT JOIN magnitude g ON g.event_id = e.id AND g.preferred
LEFT JOIN LATERAL measured_channel(m.network, m.station, m.location, m.instrument, m.component, o.time) c ON true
JOIN run r ON r.id = m.run_id;
COMMENT ON VIEW latest_measurement IS 'measurement, with its event as it is known now and the place of the station: per label one row of each event, instrument and component, by the run that computed it last. Without events that are merged, deleted or have no origin';
COMMENT ON COLUMN latest_measurement.event_time IS 'UTC, of the preferred origin';
COMMENT ON COLUMN latest_measurement.event_latitude IS 'degrees, WGS84';
COMMENT ON COLUMN latest_measurement.event_longitude IS 'degrees, WGS84';
COMMENT ON COLUMN latest_measurement.event_depth IS 'm, positive down';
COMMENT ON COLUMN latest_measurement.magnitude IS 'the preferred one';
COMMENT ON COLUMN latest_measurement.station_latitude IS 'degrees, WGS84, of the channel at the time of the event';
COMMENT ON COLUMN latest_measurement.station_longitude IS 'degrees, WGS84';
COMMENT ON COLUMN latest_measurement.station_elevation IS 'm above the geoid';
COMMENT ON COLUMN latest_measurement.run_started_at IS 'UTC, start of the run that computed the row';

CREATE VIEW shakemap_station AS
SELECT m.label, m.event_id, o.time AS event_time, g.value AS magnitude,
    m.network, m.station, s.name, c.latitude, c.longitude, m.location, m.instrument || m.component AS channel,
    m.distance / 1000 AS distance_km,
    m.pga / 0.0980665 AS pga_pct_g, m.pgv * 100 AS pgv_cm_s,
    m.psa[x.first + array_position(l.periods, 0.3)] / 0.0980665 AS psa_0p3s_pct_g,
    m.psa[x.first + array_position(l.periods, 1)] / 0.0980665 AS psa_1s_pct_g,
    m.psa[x.first + array_position(l.periods, 3)] / 0.0980665 AS psa_3s_pct_g,
    m.flags
FROM label l
JOIN measurement m ON m.label = l.name AND length(m.component) = 1
JOIN work_item w ON w.label = m.label AND w.event_id = m.event_id AND w.network = m.network AND w.station = m.station
    AND w.location = m.location AND w.instrument = m.instrument
JOIN event e ON e.id = m.event_id AND e.status = 'active'
JOIN origin o ON o.event_id = e.id AND o.preferred
LEFT JOIN magnitude g ON g.event_id = e.id AND g.preferred
LEFT JOIN LATERAL measured_channel(m.network, m.station, m.location, m.instrument, m.component, o.time) c ON true
LEFT JOIN LATERAL (SELECT name FROM station s WHERE s.network = m.network AND s.code = m.station AND s.from_time <= o.time
    ORDER BY s.from_time DESC LIMIT 1) s ON true
CROSS JOIN LATERAL (SELECT CASE WHEN w.recipe_hash = l.recipe_hash
    THEN (array_position(l.dampings, 0.05) - 1) * cardinality(l.periods) END AS first) x;
COMMENT ON VIEW shakemap_station IS 'the list of stations that ShakeMap and the like want: of every label, event and channel the peaks and three spectral accelerations of 5 % damping, in the units of that trade';
COMMENT ON COLUMN shakemap_station.event_time IS 'UTC, of the preferred origin';
COMMENT ON COLUMN shakemap_station.magnitude IS 'the preferred one';
COMMENT ON COLUMN shakemap_station.name IS 'of the station';
COMMENT ON COLUMN shakemap_station.latitude IS 'degrees, WGS84, of the channel at the time of the event';
COMMENT ON COLUMN shakemap_station.longitude IS 'degrees, WGS84';
COMMENT ON COLUMN shakemap_station.channel IS 'code, such as HNZ';
COMMENT ON COLUMN shakemap_station.distance_km IS 'km, epicentral';
COMMENT ON COLUMN shakemap_station.pga_pct_g IS '% of g (9.80665 m/s^2)';
COMMENT ON COLUMN shakemap_station.pgv_cm_s IS 'cm/s';
COMMENT ON COLUMN shakemap_station.psa_0p3s_pct_g IS '% of g, at 0.3 s; null where the recipe of the label has not this period with 5 % damping, or the row is of an earlier recipe';
COMMENT ON COLUMN shakemap_station.psa_1s_pct_g IS '% of g, at 1 s; null as at 0.3 s';
COMMENT ON COLUMN shakemap_station.psa_3s_pct_g IS '% of g, at 3 s; null as at 0.3 s';
COMMENT ON COLUMN shakemap_station.flags IS 'as in measurement: what is to be said about the row';

-- The columns that the views have of measurement mean what they mean there.
-- +goose StatementBegin
DO $$
DECLARE c record;
BEGIN
    FOR c IN SELECT v.attrelid::regclass AS view, v.attname AS name, col_description(t.attrelid, t.attnum) AS text
        FROM pg_attribute v JOIN pg_attribute t ON t.attname = v.attname AND t.attrelid = 'measurement'::regclass
        WHERE v.attrelid = 'latest_measurement'::regclass AND col_description(t.attrelid, t.attnum) IS NOT NULL LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', c.view, c.name, c.text);
    END LOOP;
END $$;
-- +goose StatementEnd

-- The roles are the cluster's, and creating them needs CREATEROLE: where that is missing they are
-- left out, and somebody who may can make them and call this again. Every migrate does, so that
-- tables of later migrations are granted too. Only what belongs to the owner of measurement is.
-- +goose StatementBegin
CREATE FUNCTION seisbatch_grant() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    inputs CONSTANT text[] := '{revision,change,station,channel,event,event_alias,origin,magnitude,arrival,file,segment,channel_file,review}';
    role text;
    relation record;
BEGIN
    PERFORM pg_advisory_xact_lock(8314037903513908580); -- grants at the same time fail: "tuple concurrently updated"
    FOREACH role IN ARRAY '{seisbatch_reader,seisbatch_loader,seisbatch_runner}'::text[] LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL; -- by another database of the cluster, just now
                WHEN insufficient_privilege THEN RETURN format('role %s does not exist and may not be created by %s', role, current_user);
            END;
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role);
        FOR relation IN
            SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname::text AS plain, c.relkind AS kind
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
              AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'measurement'::regclass)
            ORDER BY c.oid LOOP
            CASE
                WHEN relation.kind = 'S' THEN
                    IF role <> 'seisbatch_reader' THEN
                        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', relation.name, role);
                    END IF;
                WHEN relation.kind IN ('r', 'p') AND relation.plain <> 'goose_db_version' AND
                    (role = 'seisbatch_loader' AND relation.plain = ANY (inputs) OR
                     role = 'seisbatch_runner' AND (relation.plain <> ALL (inputs) OR relation.plain = 'change')) THEN
                    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', relation.name, role);
                ELSE
                    EXECUTE format('GRANT SELECT ON %s TO %I', relation.name, role);
            END CASE;
        END LOOP;
    END LOOP;
    RETURN '';
EXCEPTION
    WHEN insufficient_privilege THEN RETURN SQLERRM;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION seisbatch_grant IS 'gives the roles seisbatch_reader (reads all), seisbatch_loader (writes stations, events and files too) and seisbatch_runner (writes all else too) what they need, and makes them; returns what is in the way, else nothing';

-- +goose StatementBegin
DO $$
DECLARE problem text := seisbatch_grant();
BEGIN
    IF problem <> '' THEN
        RAISE NOTICE 'the roles of seisbatch are not set up: %', problem;
    END IF;
END $$;
-- +goose StatementEnd

-- +goose Down
-- The roles stay: other databases of the cluster may have them.
-- +goose StatementBegin
DO $$
DECLARE role text;
BEGIN
    FOREACH role IN ARRAY '{seisbatch_reader,seisbatch_loader,seisbatch_runner}'::text[] LOOP
        IF to_regrole(role) IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(), role);
            EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %I', current_schema(), role);
            EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM %I', current_schema(), role);
        END IF;
    END LOOP;
END $$;
-- +goose StatementEnd
DROP FUNCTION seisbatch_grant();
DROP VIEW shakemap_station;
DROP VIEW latest_measurement;
DROP VIEW measurement_narrow;
DROP FUNCTION measured_channel(text, text, text, text, text, timestamptz);
DROP INDEX work_item_run;
ALTER TABLE label DROP COLUMN spectra, DROP COLUMN periods, DROP COLUMN dampings, DROP COLUMN fas_frequencies, DROP COLUMN band_from, DROP COLUMN band_until;
CREATE VIEW measurement_narrow AS
SELECT m.label, m.event_id, m.network, m.station, m.location, m.instrument, m.component, v.name, v.value
FROM measurement m CROSS JOIN LATERAL (VALUES
    ('mean', m.mean), ('rms', m.rms), ('min', m.min), ('max', m.max), ('std', m.std),
    ('skewness', m.skewness), ('kurtosis', m.kurtosis), ('snr', m.snr),
    ('pga', m.pga), ('pgv', m.pgv), ('pgd', m.pgd), ('arias', m.arias), ('cav', m.cav),
    ('d5_75', m.d5_75), ('d5_95', m.d5_95), ('sorted_duration', m.sorted_duration), ('stalta_max', m.stalta_max),
    ('dominant_frequency', m.dominant_frequency), ('spectral_centroid', m.spectral_centroid),
    ('spectral_bandwidth', m.spectral_bandwidth), ('usable_low', m.usable_low), ('usable_high', m.usable_high),
    ('wood_anderson', m.wood_anderson), ('local_magnitude', m.local_magnitude), ('moment', m.moment),
    ('corner_frequency', m.corner_frequency), ('stress_drop', m.stress_drop), ('kappa', m.kappa),
    ('source_misfit', m.source_misfit)) v (name, value)
WHERE v.value IS NOT NULL;
COMMENT ON VIEW measurement_narrow IS 'the scalar measurements, one row each, in the units of measurement';
