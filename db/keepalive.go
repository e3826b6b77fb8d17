package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// keepalive makes connections whose sessions end soon after the network between is
// cut, with what they hold: a lock of a row, above all, for which the same program would wait
// when it is back.
type keepalive struct{ driver.Connector }

// withKeepalive gives the connector of a server on the network what a socket does not need.
func withKeepalive(c driver.Connector, cfg pq.Config) driver.Connector {
	if onSocket(cfg) {
		return c
	}
	return keepalive{c}
}

func (k keepalive) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	session, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: connections of type %T take no statements", conn), conn.Close())
	}
	if _, err := session.ExecContext(ctx, lockKeepalives, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}
