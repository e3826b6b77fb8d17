// Package kill holds no code but crash tests: programs and servers are killed in the
// middle of a job, and what the next run makes of it is compared with a job that nothing
// disturbed.
package kill
