#!/bin/bash
# sbatch slurm.sh: a range of events on many nodes. Each task takes a part of them; together they
# cover the range exactly once, and a task that is begun again goes on where it was.
#SBATCH --job-name=seisbatch
#SBATCH --array=1-16
#SBATCH --cpus-per-task=8
#SBATCH --mem=2G
#SBATCH --time=08:00:00
#SBATCH --requeue
#SBATCH --signal=B:INT@300
set -u
export SEISBATCH_CONFIG=${SEISBATCH_CONFIG:-/etc/seisbatch/seisbatch.yaml}
exec seisbatch run --from 2010-01-01 --until 2026-01-01 --wait \
	--workers "${SLURM_CPUS_PER_TASK:-1}" \
	--shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
