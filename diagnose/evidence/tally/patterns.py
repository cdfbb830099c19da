"""The lines that may count something, as they are watched for: wider, and cheaper, than what is believed of them later."""

from diagnose.evidence.logs import LogPattern

UNDONE = LogPattern(
    "count of what failed or was skipped",
    r"(?i)\bfail(?:ed|ures?|s|ing)?\b|_failed\b|\bskip(?:ped|s)?\b|_skipped\b|[0-9] errors?\b|\berrors?[\"']?[ :=]{1,3}[1-9]"
    r"|fehlgeschl|fehlerhaft|[0-9] fehler\b|bersprung|ausgelass|chou.|checs?\b|[0-9] erreurs?\b|ignor.{1,2}[es]?\b|saut.{1,2}e?s?\b|fallid|fallos|[0-9] error|omitid|falh|pulad"
    r"|falliti|saltat|mislukt|overgeslagen|nieuda|pomini|не удал|неудач|ошиб|пропущ|失败|失敗|跳过|スキップ|실패|건너",
    before=2,
    after=3,
)
ITEMS = (
    r"sample|row|file|image|example|record|document|batche|item|instance|observation|sequence|sentence|page|picture|photo|clip|video"
    r"|message|partition|shard|article|patient|customer|user|track|tile|prediction|embedding|vector|episode"
    r"|datei|bild|beispiel|zeile|dokument|datens|eintr|datenpunkt|stichprobe|kunde|fichier|exemple|ligne|enregistrement|échantillon"
    r"|archivo|fichero|imagen|imágenes|ejemplo|fila|registro|documento|muestra|arquivo|imagens|exemplo|linha|amostra"
    r"|immagin|esempi|righe|campion|documenti|plik|obraz|przyk|wiersz|rekord|próbek|bestand|afbeelding|voorbeeld|rijen"
    r"|файл|изображен|пример|строк|запис|образц|документ|样本|樣本|文件|图片|圖片|数据|條|条|サンプル|ファイル|画像|データ|샘플|파일|이미지|데이터"
)
"""Stems of what is worked on, in many languages."""
NONE_AT_ALL = LogPattern(
    "count of nothing",
    r"(?:^|[ (\[\"'=:])0 ?[^0-9 .,;:%/)\]|}+*x-]|[^0-9 ][\"')]? ?[:=] ?\(?0(?:[ ,;)}\]]|\.?$)|：0",
    before=2,
    after=12,
)
