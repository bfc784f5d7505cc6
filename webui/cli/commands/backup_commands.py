"""`ocop doctor`, `backup`, `restore`, `join`: examines a library, copies it, makes one of a copy, adds a copy to it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from webui.cli.common import (
    JsonOption,
    LibraryOption,
    open_library,
    print_json,
    search_of,
    settings_of,
)


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Lập lại những gì suy ra được: chỉ mục, dẫn chiếu; dọn tệp tạm.")
    ] = False,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="So mã băm mọi tệp gốc, đọc mọi bản ghi, định lại mọi dẫn chiếu để đối chiếu."),
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Khám kho: tệp gốc, cơ sở dữ liệu, chỉ mục và đồ thị có khớp nhau không.

    Không có --repair thì chỉ xem, không sửa gì; kho do phiên bản trước lập thì chưa khám được. Mã thoát: 0 kho lành
    (hoặc đã chữa xong); 22 chỉ còn những chỗ mà --repair chữa được; 21 có chỗ hỏng phải lấy lại từ bản sao lưu.
    """
    from webui.app import health_check

    found = health_check.examine_library(settings_of(library), deep=deep, repair=repair)
    if as_json:
        print_json(health_check.as_json(found))
    else:
        for line in health_check.report_lines(found, deep=deep):
            print(line)
    raise typer.Exit(found.exit_code)


def backup(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .zip sẽ ghi, ngoài thư mục kho.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Thay tệp đã có.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sao lưu kho vào một tệp, cả khi kho đang được ghi.

    Gồm tệp gốc, cơ sở dữ liệu và kết quả OCR của một thời điểm, kể cả văn bản lưu hành nội bộ: hãy cất nơi chỉ người có
    quyền mở được. Không gồm chỉ mục (lập lại được) và người dùng (lập lại bằng `ocop user add`).
    """
    from corpus.library.backup import backup as write

    settings = settings_of(library)
    made = write(settings.library, file, overwrite=overwrite, store=settings.store)
    if as_json:
        print_json(
            {
                "file": str(file),
                "sequence": made.sequence,
                "documents": made.documents,
                "bytes": made.bytes,
                "missing": made.missing,
            }
        )
    else:
        print(
            f"Đã sao lưu {made.documents} văn bản vào {file.absolute()}. "
            f"Phục hồi bằng: ocop restore {shlex.quote(str(file.absolute()))} --library THƯ_MỤC_MỚI"
        )
    _fail_if_missing(made.missing)


def restore(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp do `ocop backup` làm ra.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lập lại kho từ bản sao lưu, vào một thư mục trống; lập chỉ mục mới.

    Mọi tệp được so với mã băm trong bản sao lưu trước khi kho được đặt vào chỗ.
    """
    from corpus.library.restore import restore as read

    settings = settings_of(library)
    made = read(file, settings.library)
    with open_library(settings) as opened:
        search_of(settings, opened).rebuild()
    if as_json:
        print_json(
            {
                "library": str(settings.library),
                "sequence": made.sequence,
                "documents": made.documents,
                "missing": made.missing,
            }
        )
    else:
        print(
            f"Đã phục hồi {made.documents} văn bản vào {settings.library}. Người dùng thì lập lại bằng `ocop user add`."
        )
    _fail_if_missing(made.missing)


def join(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp do `ocop backup` của kho kia làm ra.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đưa văn bản của một kho khác (từ bản sao lưu) vào kho này, không phải đọc lại.

    Những chỗ người dùng kho kia đã sửa cũng sang theo, trừ văn bản mà kho này đã có người sửa. Việc gộp và gỡ của kho
    kia thì không. Dừng giữa chừng thì chạy lại.
    """
    from corpus.library.library_import import import_backup

    settings = settings_of(library)
    with open_library(settings, create=True) as opened:
        counts = import_backup(opened, file)
        search_of(settings, opened).catch_up()
    if as_json:
        print_json({"counts": counts})
    else:
        words = ", ".join(f"{counts[name]} {label}" for name, label in _JOINED.items() if counts[name])
        print(f"Đã đưa vào {settings.library}: {words or 'không có văn bản nào'}.")


_JOINED = {
    "new": "văn bản mới",
    "updated": "văn bản có bản đọc mới hơn",
    "duplicate": "đã có ở chỗ khác",
    "unchanged": "đã có",
    "removed": "đã bị gỡ khỏi kho này",
    "refused": "văn bản mật, không giữ",
}


def _fail_if_missing(hashes: list[str]) -> None:
    """Raise LibraryDamaged where originals (by hash) are missing in a backup, which is complete otherwise."""
    from corpus.errors import LibraryDamaged

    if hashes:
        raise LibraryDamaged(
            f"Bản sao lưu thiếu {len(hashes)} tệp gốc bị mất hoặc hỏng trong kho; phần còn lại đầy đủ.",
            "Hãy chạy `ocop doctor --deep` để biết là những tệp nào.",
        )
