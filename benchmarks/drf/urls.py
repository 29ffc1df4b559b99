"""The addresses of the registry."""

from django.urls import path

from benchmarks.drf.views import Units

urlpatterns = [
    path("v1/joint-units", Units.as_view({"get": "list"})),
    path("v1/joint-units/<str:slug>", Units.as_view({"get": "retrieve"})),
]
