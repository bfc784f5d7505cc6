"""Digital signatures: files signed with a chain made here, changed in several ways, checked in a real worker."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from corpus.samples.source import FILES
from ingest.worker.pool import Pool
from tests.support.shell import Shell
from tests.support.web_client import client_of
from webui.app import signatures
from webui.app.audit_list import ZONE
from webui.app.signatures import State, trusted_roots
from webui.cli.command import main

NOW = datetime.now(UTC)
SAMPLE = FILES / "18-kh-103-2023.pdf"
SIGNER = "Nguyễn Văn Ấn"


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER))


def certified(name: str, by: Authority | None, days: tuple[int, int] = (-3000, 3000)) -> Authority:
    """A certificate for *name*, issued *by* another or by itself; days: from and until, counted from today."""
    key = rsa.generate_private_key(65537, 2048)
    issuer, signing = (by.certificate.subject, by.key) if by else (_name(name), key)
    is_ca = by is None or by.certificate.subject == by.certificate.issuer
    usage = x509.KeyUsage(True, not is_ca, False, False, False, is_ca, is_ca, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    return Authority(made, key)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True, slots=True)
class Chain:
    """A root, an authority below it, and people it certifies."""

    root: Authority
    issuing: Authority
    person: Authority
    former: Authority


@pytest.fixture(scope="module")
def chain() -> Chain:
    root = certified("Gốc thử", None)
    issuing = certified("Nơi cấp thử", root)
    return Chain(root, issuing, certified(SIGNER, issuing), certified(SIGNER, issuing, (-800, -400)))


def signed(data: bytes, person: Authority, chain: Chain, field: str = "KySo1") -> bytes:
    key = keys.PrivateKeyInfo.load(person.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    stores: Any = SimpleCertificateStore
    store = stores.from_certs([chain.issuing.asn1])
    signer = signers.SimpleSigner(signing_cert=person.asn1, signing_key=key, cert_registry=store)
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    out = signers.sign_pdf(writer, PdfSignatureMetadata(field_name=field), signer=signer)
    return bytes(out.getbuffer())


def edited(data: bytes) -> bytes:
    """The file with a page drawn anew after it was signed."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1, timeout=120, writable=()) as made:
        yield made


@pytest.fixture(scope="module")
def roots(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goc")
    (folder / "goc.pem").write_bytes(chain.root.certificate.public_bytes(Encoding.PEM))
    (folder / "khac.der").write_bytes(certified("Gốc khác", None).certificate.public_bytes(Encoding.DER))
    (folder / "doc-toi.txt").write_text("không phải chứng thư")
    return folder


def states(pool: Pool, file: Path, data: bytes, folder: Path | None) -> list[dict[str, Any]]:
    file.write_bytes(data)
    return [signatures.in_words(one) for one in signatures.of_file(pool, file, trusted_roots(folder))]


def test_each_state_is_told_with_name_and_day(chain: Chain, pool: Pool, roots: Path, tmp_path: Path) -> None:
    file, plain = tmp_path / "ky.pdf", SAMPLE.read_bytes()
    good = signed(plain, chain.person, chain)
    (valid,) = states(pool, file, good, roots)
    today = NOW.astimezone(ZONE)
    assert (valid["state"], valid["signer"], valid["issuer"]) == (State.VALID, SIGNER, "Nơi cấp thử")
    assert valid["day"] == f"{today:%d/%m/%Y}" or valid["day"].split("/")[0].lstrip("0") == str(today.day)
    assert valid["notes"] == ["ngày ký theo máy của người ký, không có dấu thời gian"]
    assert [one["state"] for one in states(pool, file, edited(good), roots)] == [State.CHANGED]
    at = good.index(b"/MediaBox")
    broken = good[:at] + b"/MediaBax" + good[at + 9 :]
    assert [one["state"] for one in states(pool, file, broken, roots)] == [State.CHANGED]
    assert [one["state"] for one in states(pool, file, good, None)] == [State.UNKNOWN_ISSUER]
    (expired,) = states(pool, file, signed(plain, chain.former, chain), roots)
    assert expired["state"] == State.EXPIRED
    assert any("chứng thư có hạn từ" in note for note in expired["notes"])
    assert states(pool, file, plain, roots) == []


def test_a_second_signature_does_not_spoil_the_first(chain: Chain, pool: Pool, roots: Path, tmp_path: Path) -> None:
    once = signed(SAMPLE.read_bytes(), chain.person, chain)
    office = certified("Ủy ban nhân dân thị xã", chain.issuing)
    both = states(pool, tmp_path / "hai.pdf", signed(once, office, chain, "KySo2"), roots)
    assert [(one["signer"], one["state"]) for one in both] == [
        (SIGNER, State.VALID),
        ("Ủy ban nhân dân thị xã", State.VALID),
    ]
    assert "sau khi ký có thêm chữ ký khác" in " ".join(both[0]["notes"])


def test_a_certificate_that_ends_later_makes_an_unstamped_signature_expired() -> None:
    checked = {
        "signer": SIGNER, "issuer": "Nơi cấp", "at": "2024-04-02T17:30:00+00:00", "stamped": False, "intact": True,
        "later": "khong", "chain": "tin_cay", "valid_from": "2023-01-01T00:00:00+00:00",
        "valid_until": "2025-01-01T00:00:00+00:00", "weak": False,
    }  # fmt: skip
    then, later = datetime(2024, 5, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert signatures.in_words(checked, then)["state"] == State.VALID
    assert signatures.in_words(checked, later)["state"] == State.EXPIRED
    assert signatures.in_words({**checked, "stamped": True}, later)["state"] == State.VALID
    assert signatures.in_words(checked, then)["day"] == "03/4/2024"  # the day in Vietnam


def test_page_command_and_a_damaged_signature(
    chain: Chain, roots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCOP_TRUSTED_ROOTS", str(roots))
    library, file, bad = tmp_path / "kho", tmp_path / "ky.pdf", tmp_path / "hong.pdf"
    good = signed(SAMPLE.read_bytes(), chain.person, chain)
    file.write_bytes(good)
    bad.write_bytes(good.replace(b"/Contents <", b"/Contents <00", 1))
    assert main(["ingest", str(file), "--jobs", "1", "--library", str(library)]) == 0
    ocop = Shell(library, capsys)
    assert [one["state"] for one in ocop.json("signatures", str(file))] == [State.VALID]
    ocop("signatures", str(bad), code=0 if ocop_reads(bad) else 14)
    with client_of((library, {}), trusted_roots=roots) as client:
        id = client.get("/api/find", params={"so": "103/KH-UBND"}).json()["data"][0]["id"]
        assert "Kiểm tra chữ ký số" in client.get(f"/van-ban/{id}").text
        page = client.get(f"/van-ban/{id}/chu-ky").text
        for words in (SIGNER, "hợp lệ", "Nơi cấp thử"):
            assert words in page
        shown = client.get(f"/van-ban/{id}").text
        assert SIGNER in shown
        assert "Kiểm tra chữ ký số" not in shown
    assert SIGNER in ocop("signatures", "103/KH-UBND")
    assert ocop.json("signatures", str(SAMPLE)) == []


def ocop_reads(file: Path) -> bool:
    """Whether the signature of a damaged file can be taken apart at all; then it is told as changed."""
    from corpus.errors import ReadFailure
    from ingest.signature_check import check_signatures

    try:
        found = check_signatures(str(file), [])
    except ReadFailure:
        return False
    assert all(not one["intact"] for one in found)
    return True


def test_what_is_no_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "goc.pem").write_text("-----BEGIN nothing")
    with pytest.raises(Exception, match=r"goc\.pem không phải chứng thư"):
        trusted_roots(tmp_path)
    with pytest.raises(Exception, match="Không có thư mục"):
        trusted_roots(tmp_path / "khong")
