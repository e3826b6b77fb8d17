-- More measurements, and what rows are made by.

-- +goose Up
ALTER TABLE measurement
    ADD COLUMN band_snr           double precision[],
    ADD COLUMN sorted_duration    double precision,
    ADD COLUMN sa                 double precision[],
    ADD COLUMN sd                 double precision[],
    ADD COLUMN sv                 double precision[],
    ADD COLUMN spectral_centroid  double precision,
    ADD COLUMN spectral_bandwidth double precision,
    ADD COLUMN fas                double precision[],
    ADD COLUMN fas_length         integer,
    ADD COLUMN usable_low         double precision,
    ADD COLUMN usable_high        double precision,
    ADD COLUMN wood_anderson      double precision,
    ADD COLUMN wood_anderson_at   timestamptz,
    ADD COLUMN local_magnitude    double precision,
    ADD COLUMN moment             double precision,
    ADD COLUMN corner_frequency   double precision,
    ADD COLUMN stress_drop        double precision,
    ADD COLUMN kappa              double precision,
    ADD COLUMN source_misfit      double precision,
    ADD COLUMN extra              json,
    ADD COLUMN measured_start     timestamptz,
    ADD COLUMN measured_end       timestamptz,
    ADD COLUMN read_start         timestamptz,
    ADD COLUMN read_end           timestamptz,
    ADD COLUMN definitions        integer NOT NULL DEFAULT 1,
    ADD COLUMN timing_quality     double precision;
COMMENT ON COLUMN measurement.band_snr IS '1, snr in the frequency bands of the recipe of the label';
COMMENT ON COLUMN measurement.sorted_duration IS 's, the shortest time with 70 % of the Arias intensity, in pieces of 5 %';
COMMENT ON COLUMN measurement.psa IS 'm/s^2, pseudo-spectral acceleration at the periods of the recipe of the label: of all with its first damping, then with the next';
COMMENT ON COLUMN measurement.sa IS 'm/s^2, greatest absolute acceleration, as psa';
COMMENT ON COLUMN measurement.sd IS 'm, greatest relative displacement, as psa';
COMMENT ON COLUMN measurement.sv IS 'm/s, greatest relative velocity, as psa';
COMMENT ON COLUMN measurement.spectral_centroid IS 'Hz, mean of the power spectrum';
COMMENT ON COLUMN measurement.spectral_bandwidth IS 'Hz, standard deviation of the power spectrum';
COMMENT ON COLUMN measurement.fas IS 'm/s, Fourier amplitudes, smoothed, at the frequencies of the recipe of the label';
COMMENT ON COLUMN measurement.fas_length IS 'samples of the transform of fas';
COMMENT ON COLUMN measurement.usable_low IS 'Hz, start of the band in which the signal stands out of the noise';
COMMENT ON COLUMN measurement.usable_high IS 'Hz, end of that band';
COMMENT ON COLUMN measurement.wood_anderson IS 'm, greatest amplitude on a Wood-Anderson seismograph of gain 2080';
COMMENT ON COLUMN measurement.local_magnitude IS '1, ML of wood_anderson by the formula of the recipe of the label';
COMMENT ON COLUMN measurement.moment IS 'N m, seismic moment of the fit of Brune''s spectrum';
COMMENT ON COLUMN measurement.corner_frequency IS 'Hz, of that fit';
COMMENT ON COLUMN measurement.stress_drop IS 'Pa, of that fit';
COMMENT ON COLUMN measurement.kappa IS 's, of that fit';
COMMENT ON COLUMN measurement.source_misfit IS '1, root mean square of ln(observed/model) of that fit';
COMMENT ON COLUMN measurement.extra IS 'numbers of measurements that a program added, by name';
COMMENT ON COLUMN measurement.measured_start IS 'start of what peaks, integrals, durations and spectra are taken over';
COMMENT ON COLUMN measurement.read_start IS 'start of all that was read and processed';
COMMENT ON COLUMN measurement.definitions IS 'version of the definitions of all numbers of the row';
COMMENT ON COLUMN measurement.timing_quality IS '%, the least that headers of the records give';

DROP VIEW measurement_narrow;
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

-- +goose Down
DROP VIEW measurement_narrow;
ALTER TABLE measurement
    DROP COLUMN band_snr, DROP COLUMN sorted_duration, DROP COLUMN sa, DROP COLUMN sd, DROP COLUMN sv,
    DROP COLUMN spectral_centroid, DROP COLUMN spectral_bandwidth, DROP COLUMN fas, DROP COLUMN fas_length,
    DROP COLUMN usable_low, DROP COLUMN usable_high, DROP COLUMN wood_anderson, DROP COLUMN wood_anderson_at,
    DROP COLUMN local_magnitude, DROP COLUMN moment, DROP COLUMN corner_frequency, DROP COLUMN stress_drop,
    DROP COLUMN kappa, DROP COLUMN source_misfit, DROP COLUMN extra, DROP COLUMN measured_start, DROP COLUMN measured_end, DROP COLUMN read_start, DROP COLUMN read_end,
    DROP COLUMN definitions, DROP COLUMN timing_quality;
COMMENT ON COLUMN measurement.psa IS 'm/s^2, at the periods of the recipe of the label';
CREATE VIEW measurement_narrow AS
SELECT m.label, m.event_id, m.network, m.station, m.location, m.instrument, m.component, v.name, v.value
FROM measurement m CROSS JOIN LATERAL (VALUES
    ('mean', m.mean), ('rms', m.rms), ('min', m.min), ('max', m.max), ('std', m.std),
    ('skewness', m.skewness), ('kurtosis', m.kurtosis), ('snr', m.snr),
    ('pga', m.pga), ('pgv', m.pgv), ('pgd', m.pgd), ('arias', m.arias), ('cav', m.cav),
    ('d5_75', m.d5_75), ('d5_95', m.d5_95), ('stalta_max', m.stalta_max),
    ('dominant_frequency', m.dominant_frequency)) v (name, value)
WHERE v.value IS NOT NULL;
COMMENT ON VIEW measurement_narrow IS 'the scalar measurements, one row each, in the units of measurement';
