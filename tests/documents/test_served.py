import pytest

from archive.documents.served import page_state

LONG = (
    "<html><head><title>甲局2022年政府信息公开工作年度报告</title></head><body>"
    + "<p>报告正文如下，用户登录系统验证码改造。</p>" * 60
    + "</body></html>"
)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (LONG, None),
        ("<html><head><title>报告</title></head><body><p>零报告。</p></body></html>", None),
        ("", "empty"),
        ("  \n", "empty"),
        ("<html><script>document.cookie='__jsluid_h=1';location.reload()</script></html>", "challenge"),
        ("<html><body><script>var _0x1=[]</script></body></html>", "challenge"),
        ("<html><title>安全验证</title><body>请拖动滑块</body></html>", "challenge"),
        ("<html><title>统一身份认证平台</title><body>账号</body></html>", "login"),
        ("<html><title>提示信息</title><body><p>抱歉，您访问的页面不存在或已被删除！</p></body></html>", "missing"),
        (LONG.replace("</body></html>", ""), "cut-short"),
        ('{"data": {}}', None),
        ("%PDF-1.4 页面不存在", None),
    ],
)
def test_pages_that_are_not_what_was_asked_for_are_told(body, state):
    assert page_state(body.encode()) == state
