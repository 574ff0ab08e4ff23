"""Every problem code, one line each: code -> (short description in Chinese, in English).

Ranges follow the stages; add a line to the dictionary of the stage, in order of the number:
BQ1xx YAML text | BQ2xx schema | BQ3xx product, rulebook and law model | BQ4xx language and law checks |
BQ5xx compiler | BQ6xx facts and cases | BQ7xx record and replay | BQ8xx command line | BQ9xx the Python API.
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

MODEL: Codes = {
    "BQ301": ("事实的声明有误", "a fact is declared wrongly"),
    "BQ302": ("条款参数的声明有误", "a clause parameter is declared wrongly"),
    "BQ303": ("法律条目的值或日期有误", "a value or date of a law entry is wrong"),
    "BQ311": ("没有这项公司规定", "no such company rule"),
    "BQ310": ("文件夹里没有公司规定", "a folder without company rules"),
    "BQ312": ("公司规定的值有误", "a company rule has a wrong value"),
    "BQ320": ("产品的日期读不懂", "a date of the product cannot be read"),
    "BQ321": ("两个条款版本从同一天起", "two clause versions start on one day"),
    "BQ322": ("没有这个条款", "no such clause"),
    "BQ323": ("条款缺少必须写明的参数", "a clause lacks a parameter it must set"),
    "BQ324": ("条款参数的值有误", "a clause parameter has a wrong value"),
    "BQ325": ("条款没有这个参数", "a clause has no such parameter"),
    "BQ326": ("没有这种表", "no such table"),
    "BQ327": ("表文件读不到", "a table file cannot be read"),
    "BQ328": ("表的首行不对", "the first line of a table is wrong"),
    "BQ329": ("表的一行有误", "a line of a table is wrong"),
    "BQ330": ("两个产品用了同一个代码", "two products have one code"),
    "BQ331": ("条款版本在报备日之前起用", "a version of the clauses starts before it was filed"),
    "BQ332": ("案例文件的名称不以 .cases.yaml 结尾", "a file of cases whose name does not end in .cases.yaml"),
}

LANGUAGE: Codes = {
    "BQ401": ("表达式读不懂、过长或嵌套过深", "an expression that cannot be read, is too long or nested too deeply"),
    "BQ402": ("表达式里没有这种写法", "a form that expressions do not have"),
    "BQ403": ("种类或单位不符", "a kind or unit that does not fit"),
    "BQ404": ("没有这个名称", "no such name"),
    "BQ405": ("词不在可选的词里", "a word that is not one of those allowed"),
    "BQ406": ("表达式里的金额、比率、日期或期间写得不对", "a badly written money, rate, date or period in an expression"),
    "BQ409": ("「无」用错了地方", "none, or a test for it, where it has no place"),
    "BQ410": ("结果可能超出可精确计算的范围", "a result that may pass the exact range"),
    "BQ411": ("名称与事实同名", "a name that hides a fact"),
    "BQ412": ("参数违反法律的下限、上限或要求", "a parameter beyond a floor, ceiling or requirement of the law"),
    "BQ413": ("参数比法定默认对客户不利（警告）", "a parameter departs from a legal default against the customer (a warning)"),
    "BQ421": ("语句里的花括号不成对", "an unpaired brace in a wording"),
    "BQ422": ("语句里的值没有这种格式", "a value in a wording has no such format"),
    "BQ431": ("没有这个法律条目", "no such entry of law"),
    "BQ432": ("引用的公司规定不存在", "a company rule that is cited does not exist"),
}

COMPILER: Codes = {
    "BQ501": ("量之间互相依赖，成了一个圈", "figures depend on each other in a circle"),
    "BQ502": ("缺少算式，或缺少计算所需的部分", "an expression or a part of a computation is missing"),
    "BQ503": ("条件没有 require", "a condition without require"),
    "BQ504": ("没有这种补救方式", "no such remedy"),
    "BQ505": ("没有这个转交对象", "no such owner"),
    "BQ506": ("没有这个规则库", "no such library"),
    "BQ507": ("两处例外都替换了同一个条件", "two exceptions replace one condition"),
    "BQ508": ("例外要替换的条件不存在", "an exception replaces a condition that does not exist"),
    "BQ509": ("没有这种读者", "no such reader"),
    "BQ511": ("未定的理解太多", "too many open readings"),
    "BQ510": ("其他办法指向的项目、量或事实不存在，或者值不合适", "an alternative names a service, figure or fact that does not exist, or states a value that does not fit"),
}

FACTS: Codes = {
    "BQ601": ("案例里没有这一项", "a case has no such key"),
    "BQ602": ("案例缺少产品或保全项目", "a case lacks its product or service"),
    "BQ603": ("应为一组值", "a mapping is needed"),
    "BQ604": ("没有这个事实", "no such fact"),
    "BQ605": ("事实的值有误", "a fact has a wrong value"),
    "BQ606": ("列表的写法不对", "a list is not written as required"),
    "BQ607": ("列表的项数过多", "a list has too many items"),
    "BQ608": ("列表的一项缺少必须写的值", "an item of a list lacks a value it must state"),
    "BQ609": ("文件里没有案例", "a file without a case"),
    "BQ610": ("没有这个产品", "no such product"),
    "BQ611": ("没有这个保全项目", "no such service"),
    "BQ612": ("不知适用哪一版条款", "which version of the clauses applies is not known"),
    "BQ613": ("预期里的名称不存在", "a name that is expected does not exist"),
    "BQ650": ("没有这种事件，或者事件写得不全", "no such event, or it is not written in full"),
    "BQ651": ("这个阶段不能记录这种事件", "the event cannot be entered in this stage"),
    "BQ652": ("这种事件不能说明这项事实", "the event may not state this fact"),
    "BQ653": ("与已经记下的不一致", "it contradicts what is recorded"),
    "BQ654": ("事件已经记录过", "the event is entered already"),
    "BQ655": ("时刻有误，或者早于上一个事件", "no instant, or earlier than the last event"),
    "BQ656": ("一个人不能兼任这两个岗位", "one person cannot fill both roles"),
    "BQ657": ("不是一件申请的记录", "not the record of a request"),
    "BQ658": ("这个岗位不能看优先办理的原因", "the role may not see why a case comes first"),
    "BQ659": ("缺少申请的保密部分", "the confidential part of the request is not at hand"),
    "BQ660": ("没有同意的不能入账", "only what is approved is booked"),
    "BQ661": ("不是这份保单的决定", "the decision is of another policy"),
    "BQ662": ("编号已经入过账", "the number is booked already"),
    "BQ663": ("不能回退：没有这笔，或者之后还办理了别的", "cannot be reversed: not booked, or something later stands on it"),
    "BQ664": ("不是一份保单台账", "not the book of a policy"),
    "BQ620": ("结果与案例的预期不同", "the result differs from what the case expects"),
}

RECORD: Codes = {
    "BQ701": ("这份文件不能重算", "the file cannot be replayed"),
    "BQ702": ("重算的结果与记录不同", "the derived decision differs from the record"),
}

COMMAND: Codes = {
    "BQ801": ("没有这个文件或文件夹", "no such file or folder"),
    "BQ802": ("没有这个产品或险种", "no such product or line"),
    "BQ803": ("文件已经存在", "the file already exists"),
    "BQ804": ("生成的文件不是最新的", "a generated file is out of date"),
    "BQ805": ("没有找到案例", "no cases were found"),
    "BQ806": ("文件里没有这个案例", "no such case in the file"),
    "BQ809": ("程序自身出错", "the program itself failed"),
}

API: Codes = {
    "BQ901": ("函数的参数不对", "a function was given a wrong argument"),
}

CODES: Codes = {**YAML, **SCHEMA, **MODEL, **LANGUAGE, **COMPILER, **FACTS, **RECORD, **COMMAND, **API}
