"""The published versions of the processes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base


class Deployment(Base):
    """One published, immutable version of the whole set of diagrams, tables and forms."""

    __tablename__ = "deployment"

    id: Mapped[int] = mapped_column(primary_key=True)
    gepubliceerd_op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    reden: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    bestanden: Mapped[list["Bestand"]] = relationship(back_populates="deployment")

    __table_args__ = (Index("ix_deployment_digest", "digest"),)


class Bestand(Base):
    """One file of a deployment, as it was uploaded. Never changes."""

    __tablename__ = "bestand"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    pad: Mapped[str] = mapped_column(String(200), primary_key=True)
    inhoud: Mapped[bytes]
    deployment: Mapped[Deployment] = relationship(back_populates="bestanden")
