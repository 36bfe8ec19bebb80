"""Run by alembic: takes the connection that ``upgrade`` opened."""

from alembic import context

from routeflow.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
