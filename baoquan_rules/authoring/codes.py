"""Every problem code, one line each: code -> (short description in Chinese, in English).

Ranges follow the stages; add a line to the dictionary of the stage, in order of the number:
BQ1xx YAML text | BQ2xx schema | BQ3xx product, rulebook and law model | BQ4xx language and law checks |
BQ5xx compiler | BQ6xx facts and cases | BQ7xx record and replay | BQ8xx command line.
A code is never given a second meaning and never reused after it is withdrawn.
"""

Codes = dict[str, tuple[str, str]]

YAML: Codes = {
    "BQ101": ("文件读不到", "the file cannot be read"),
    "BQ102": ("文件过大", "the file is too large"),
    "BQ103": ("文件不是 UTF-8 编码", "the file is not UTF-8"),
    "BQ104": ("文件含不可见字符或控制字符", "the file holds a control or invisible character"),
    "BQ105": ("使用了制表符", "a tab character is used"),
    "BQ106": ("文件或文档没有内容", "the file or document is empty"),
    "BQ107": ("一个文件里有多份文档", "several documents in a file that takes one"),
    "BQ108": ("YAML 写法有误", "the YAML does not parse"),
    "BQ109": ("层次过深", "nesting is too deep"),
    "BQ110": ("内容过多", "too many values in one file"),
    "BQ111": ("含混的真假值", "an ambiguous boolean word"),
    "BQ112": ("含混的空值", "an ambiguous spelling of null"),
    "BQ113": ("以 0 开头或八、十六、二进制的数", "a leading zero, octal, hexadecimal or binary number"),
    "BQ114": ("数字里有下划线", "an underscore inside a number"),
    "BQ115": ("会被读成六十进制的写法", "text that YAML may read as a base-60 number"),
    "BQ116": ("科学计数法、无穷或非数", "an exponent, infinity or not-a-number"),
    "BQ117": ("日期没有加引号", "a date without quotes"),
    "BQ118": ("整数位数过多", "an integer with too many digits"),
    "BQ119": ("使用了 YAML 标签", "a YAML tag is used"),
    "BQ120": ("使用了 YAML 锚点", "a YAML anchor is used"),
    "BQ121": ("使用了 YAML 别名", "a YAML alias is used"),
    "BQ122": ("使用了合并键", "a merge key is used"),
    "BQ123": ("重复的键", "a duplicate key"),
    "BQ124": ("键不是文字", "a key that is not text"),
    "BQ125": ("键不是单个词", "a key that is a list or a mapping"),
    "BQ126": ("数字写得不完整", "a number with a plus sign or a bare decimal point"),
    "BQ127": ("使用了 YAML 指令", "a YAML directive is used"),
    "BQ128": ("首尾有全角空格或不换行空格", "a full-width or no-break space at the edge of a value"),
    "BQ129": ("问题过多，其余未列出", "too many problems; the rest is not listed"),
}

SCHEMA: Codes = {
    "BQ201": ("未知的键", "an unknown key"),
    "BQ202": ("缺少必填的键", "a required key is missing"),
    "BQ203": ("值的类型不对", "a value of the wrong type"),
    "BQ204": ("值不在可选范围内", "a value that is not one of those allowed"),
    "BQ205": ("值必须是固定的", "a value that must be one fixed value"),
    "BQ206": ("写法不符合格式", "text that does not match the pattern"),
    "BQ207": ("数值过小", "a number that is too small"),
    "BQ208": ("数值过大", "a number that is too large"),
    "BQ209": ("数值不是规定的倍数", "a number that is not a multiple"),
    "BQ210": ("文字过短", "text that is too short"),
    "BQ211": ("文字过长", "text that is too long"),
    "BQ212": ("列表项数过少", "a list with too few items"),
    "BQ213": ("列表项数过多", "a list with too many items"),
    "BQ214": ("列表有重复项", "a list with equal items"),
    "BQ215": ("键的个数过少", "a mapping with too few keys"),
    "BQ216": ("键的个数过多", "a mapping with too many keys"),
    "BQ217": ("键的名称不合规定", "a key whose name is not allowed"),
    "BQ218": ("不是有效的日期或格式", "text that is not a real date or format"),
    "BQ219": ("缺少配套的键", "a key that another key requires is missing"),
    "BQ220": ("列表缺少必需的项", "a list without an item it must contain"),
    "BQ221": ("不符合任何一种写法", "a value that fits none of the forms"),
    "BQ222": ("同时符合多种写法", "a value that fits more than one form"),
    "BQ223": ("此处不允许这样写", "a value that is not allowed here"),
    "BQ224": ("列表多出的项", "a surplus item in a list"),
    "BQ299": ("不符合规定的结构", "a value that does not fit the schema"),
}

MODEL: Codes = {}

LANGUAGE: Codes = {}

COMPILER: Codes = {}

FACTS: Codes = {}

RECORD: Codes = {}

COMMAND: Codes = {}

CODES: Codes = {**YAML, **SCHEMA, **MODEL, **LANGUAGE, **COMPILER, **FACTS, **RECORD, **COMMAND}
