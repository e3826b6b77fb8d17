package db

// For tests with migrations of their own.
var (
	MigrateWith = migrate
	CheckWith   = checkVersion
	ListWith    = compare

	WithKeepalive = withKeepalive
)

const MigrateKey = migrateKey
