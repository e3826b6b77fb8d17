// Package traveltime says how far a station is from an event, and when the P
// and S waves arrive there.
package traveltime
