"""How papers write amounts and days."""

from datetime import date
from decimal import Decimal

import cn2an

LARGEST = 10**15  # 分, ten thousand billion 元: beyond that writers of numerals differ


def capitals(fen: int) -> str:
    """Write an amount in 分 in capitals (中文大写): 壹仟伍佰元整, 壹拾元零伍分. Raises ValueError below nothing."""
    if not 0 <= fen < LARGEST:
        raise ValueError(f"{fen} 分 cannot be written in capitals")
    yuan, rest = divmod(fen, 100)
    if not rest:
        return f"{cn2an.an2cn(yuan, 'up')}元整"
    dimes, cents = divmod(rest, 10)
    written = f"{cn2an.an2cn(yuan, 'up')}元" if yuan else ""
    written += f"{cn2an.an2cn(dimes, 'up')}角" if dimes else ("零" if yuan else "")
    return written + (f"{cn2an.an2cn(cents, 'up')}分" if cents else "整")


def yuan(fen: int) -> str:
    """Write an amount in 分 in figures, in 元: 1,500.00."""
    return f"{Decimal(fen).scaleb(-2):,.2f}"


def chinese_date(day: date | None) -> str:
    """Write a day as official letters do (GB/T 9704: Arabic figures, no leading zeros): 2026年7月1日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
